"""The part's statements, each in a file of its own."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql``."""
    return statement(__name__, name)
