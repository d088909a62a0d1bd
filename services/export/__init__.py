"""The log for others: events as Parquet or JSON lines, statements for a learning record store."""
