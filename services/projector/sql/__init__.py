"""The projector's own SQL by name: ``query("history")`` is the text of ``history.sql``."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
