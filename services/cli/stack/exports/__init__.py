"""Views that are exported row by row: out of the database, or by an API."""
