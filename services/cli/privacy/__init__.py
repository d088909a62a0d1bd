"""``coursemark privacy``: all that is held of a person, and a person erased."""
