"""``coursemark up``: servers and parts in one go."""
