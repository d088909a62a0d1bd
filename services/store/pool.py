"""Connections to PostgreSQL."""

import asyncio

import asyncpg

from services.store.failures import passes

TRIES = 8
FIRST_PAUSE = 0.1
"""Seconds before the second try; each further pause is twice as long, 13 s in all."""

PUBLIC = "public"
"""The schema of the tables; extensions put there what they bring."""


class DatabaseUnreachableError(Exception):
    """``database_unreachable``: PostgreSQL did not answer."""

    code = "database_unreachable"


async def open_pool(
    url: str,
    *,
    application_name: str = "coursemark",
    max_size: int = 10,
    tries: int = TRIES,
    schema: str = PUBLIC,
    stateless: bool = False,
) -> asyncpg.Pool:
    """A pool whose sessions never hold followers back for long, one connection tried.

    ``stateless``: whoever takes a connection leaves nothing in its session, no lock that outlives
    its transaction and no setting. Then it is given back as it is, without a round trip that
    takes such things away; a transaction that was left open is rolled back in any case.

    Raises:
        DatabaseUnreachableError: nobody answered within the tries.
    """
    pool = await asyncpg.create_pool(
        url,
        min_size=0,  # a floor is kept up in the background, loudly while PostgreSQL is away
        max_size=max_size,
        reset=_nothing if stateless else None,
        server_settings={
            "application_name": application_name,
            "idle_in_transaction_session_timeout": "30000",
            "jit": "off",
            "search_path": schema if schema == PUBLIC else f"{schema}, {PUBLIC}",
        },
    )
    try:
        await _connect(pool, tries)
    except BaseException:
        await pool.close()
        raise
    return pool


async def _nothing(_: asyncpg.Connection) -> None:
    """What is to be taken away of a session."""


async def _connect(pool: asyncpg.Pool, tries: int) -> None:
    pause = FIRST_PAUSE
    for remaining in reversed(range(tries)):
        try:
            async with pool.acquire():
                return
        except Exception as error:
            if not passes(error):
                raise
            if not remaining:
                raise DatabaseUnreachableError(
                    f"PostgreSQL does not answer ({type(error).__name__}); "
                    "check that it runs and that COURSEMARK_DATABASE points to it"
                ) from error
            await asyncio.sleep(pause)
            pause *= 2
