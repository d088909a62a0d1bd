"""Zapier's own SQL by name: ``query("recent")`` is the text of ``recent.sql``."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
