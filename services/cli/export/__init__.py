"""``coursemark export``: views as CSV."""
