"""The mailer's own SQL by name: ``query("claim")`` is the text of ``claim.sql``."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
