"""One decider per kind of command; each takes a ``Case`` and gives a ``Decision``."""
