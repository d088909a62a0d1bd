"""Delivers webhooks and Zaps: the queue, the endpoints, the sender (B11).

``intake`` puts what comes on Kafka into the queue, ``dispatcher`` takes endpoints in turns and
``turn`` sends what is due for one of them. ``schedule``, ``breaker``, ``signing``, ``filters``,
``payload``, ``urls`` and ``addresses`` are pure.
"""
