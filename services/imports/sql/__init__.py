"""Imports' own SQL by name: ``query("people")`` is the text of ``people.sql``.

What begins with ``ledger_`` is for SQLite, the rest for PostgreSQL.
"""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
