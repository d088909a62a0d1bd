"""Learners found by a search, in the view or by an API."""
