"""``coursemark after-restore``: a log that was restored into a new cluster is made ready."""
