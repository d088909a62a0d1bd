"""Reports of a school, read from the views or from an API."""
