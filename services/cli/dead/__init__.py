"""``coursemark dead``: what could not be handled: list, show, send again."""
