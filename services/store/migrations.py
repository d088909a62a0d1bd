"""The schema, as .sql files applied once each, in order of name, under a lock.

A name ends in ``_pre`` or ``_post``: safe before, or only after, a rolling deploy.
"""

from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

import asyncpg

from services.store.sql import query

_LOCK = 0x636F757273656D  # "coursem"


class Migration(NamedTuple):
    """One file."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return sha256(self.sql.encode()).hexdigest()


class MigrationChangedError(Exception):
    """``migration_changed``: a file was edited after it had been applied."""

    code = "migration_changed"


def migrations() -> list[Migration]:
    """All of them, in order."""
    folder = files("services.store.sql") / "migrations"
    found = [Migration(f.name, f.read_text("utf-8")) for f in folder.iterdir()]
    return sorted(m for m in found if m.name.endswith(".sql"))


async def migrate(pool: asyncpg.Pool, wanted: list[Migration] | None = None) -> list[str]:
    """Apply what is missing, each in a transaction; returns the names of what was applied.

    Raises:
        MigrationChangedError: a file differs from what was applied under its name.
    """
    applied: list[str] = []
    async with pool.acquire() as connection:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        try:
            await connection.execute(query("schema"))
            await connection.execute(query("schema_migrations"))
            known = dict(await connection.fetch("select name, checksum from schema_migrations"))
            for migration in migrations() if wanted is None else wanted:
                if await _apply(connection, migration, known.get(migration.name)):
                    applied += [migration.name]
        finally:
            await connection.execute("select pg_advisory_unlock($1)", _LOCK)
    return applied


async def _apply(connection: asyncpg.Connection, migration: Migration, known: str | None) -> bool:
    if known == migration.checksum:
        return False
    if known is not None:
        raise MigrationChangedError(
            f"{migration.name} was changed after it had been applied to this database; "
            "restore the file and put the change into a new one"
        )
    async with connection.transaction():
        await connection.execute(migration.sql)
        await connection.execute(
            "insert into schema_migrations (name, checksum) values ($1, $2)",
            migration.name,
            migration.checksum,
        )
    return True
