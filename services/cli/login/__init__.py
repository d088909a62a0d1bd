"""``coursemark login`` and ``logout``: the token of an API, kept by the system."""
