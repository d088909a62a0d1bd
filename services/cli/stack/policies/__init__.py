"""A school's policy, in its table or by an API."""
