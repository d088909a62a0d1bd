"""Reads of the views, for whoever shows, exports or publishes them."""
