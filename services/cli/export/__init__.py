"""``coursemark export``: views as CSV, the log as Parquet, JSON lines or xAPI statements."""
