"""Webhook endpoints, on the servers themselves or by an API."""
