"""The dispatcher's own SQL by name: ``query("fetch")`` is the text of ``fetch.sql``."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
