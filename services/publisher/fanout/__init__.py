"""What webhooks, Zapier and the mailer are sent of the log: ids and marks, no names.

What an event means outside, ``services.domain.happenings`` says; ``forms`` puts it into a
webhook's and a Zap's form, ``notices`` says which completions are mailed; ``titles`` and ``feeds``
do the reading.
"""
