"""The package's own SQL by name: ``query("mailable")`` is the text of ``mailable.sql``."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
