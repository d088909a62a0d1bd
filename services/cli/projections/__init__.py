"""``coursemark projections``: views and publishing feeds: how far, build anew, check."""
