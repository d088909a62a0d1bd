"""``coursemark policies``: what a school asks of its administrators."""
