"""All that is held of a person, and a person erased, on the servers or by an API."""
