"""``coursemark programs``: learning programmes, and how far a learner is in them."""
