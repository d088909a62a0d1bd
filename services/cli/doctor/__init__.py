"""``coursemark doctor``: is everything well, and what to do if not."""
