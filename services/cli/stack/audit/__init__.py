"""The audit log, in its table or by an API."""
