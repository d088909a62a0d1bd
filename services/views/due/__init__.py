"""Who has to renew which completion, and when: worked out as it is read (B12).

Due dates follow from the schedules and completions of the moment, so that none is ever stale.
``asking`` says what can be asked for, ``paging`` puts a page together, ``reading`` reads.
"""
