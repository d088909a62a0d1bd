"""``coursemark watch``: events as they happen."""
