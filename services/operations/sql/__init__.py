"""The operations' own SQL by name: ``query("pick")`` is the text of ``pick.sql``."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
