"""Publishing projections: they follow the log and send to Kafka, and move their cursor after.

``feed`` says what one is, ``publishing`` runs it; ``events``, ``progress`` and ``evaluation``
are the three that there are.
"""
