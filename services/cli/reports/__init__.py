"""``coursemark reports``."""
