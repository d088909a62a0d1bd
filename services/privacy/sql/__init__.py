"""The SQL of erasure and export by name: ``query("holdings")`` is the text of ``holdings.sql``."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
