"""Connections to PostgreSQL."""

import asyncio

import asyncpg

TRIES = 8
FIRST_PAUSE = 0.1
"""Seconds before the second try; each further pause is twice as long, 13 s in all."""


class DatabaseUnreachableError(Exception):
    """``database_unreachable``: PostgreSQL did not answer."""

    code = "database_unreachable"


async def open_pool(
    url: str,
    *,
    application_name: str = "coursemark",
    min_size: int = 1,
    max_size: int = 10,
    tries: int = TRIES,
    schema: str = "public",
) -> asyncpg.Pool:
    """A pool whose sessions never hold followers back for long.

    Raises:
        DatabaseUnreachableError: nobody answered within the tries.
    """
    pause = FIRST_PAUSE
    for remaining in reversed(range(tries)):
        try:
            return await asyncpg.create_pool(
                url,
                min_size=min_size,
                max_size=max_size,
                server_settings={
                    "application_name": application_name,
                    "idle_in_transaction_session_timeout": "30000",
                    "jit": "off",
                    "search_path": schema,
                },
            )
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError) as e:
            if not remaining:
                raise DatabaseUnreachableError(
                    f"PostgreSQL does not answer ({type(e).__name__}); "
                    "check that it runs and that COURSEMARK_DATABASE points to it"
                ) from e
            await asyncio.sleep(pause)
            pause *= 2
    raise AssertionError("unreachable")
