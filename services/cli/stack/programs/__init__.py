"""Learning programmes, from the view or from an API."""
