"""``python -m tests.access``: who may ask what, as a table of statuses; exit code 1: not as said.

Starts PostgreSQL, a broker, the API and the parts behind it, and asks every operation in the name
of every role, with no token, with one of nobody and with one of other scopes, of its own school
and of another one.
"""

from __future__ import annotations

import logging
import sys

import uvloop

from tests.access.asking import Matrix, table, unlisted, wrong
from tests.access.world import world
from tests.support.servers import both_servers


async def ask() -> int:
    """All of it, on servers of its own."""
    async with (
        both_servers() as (database_url, kafka),
        world(kafka, database_url, "access.") as (api, endpoint),
    ):
        cells = await Matrix(api, endpoint).cells()
    problems = [*unlisted(), *wrong(cells)]
    sys.stdout.write("\n".join([*table(cells), "", *problems]) + "\n")
    sys.stdout.write(f"{len(cells)} answers, {len(problems)} of them not as they have to be\n")
    return 1 if problems else 0


def main() -> None:
    """Ask, and print."""
    logging.basicConfig(level=logging.ERROR)
    sys.exit(uvloop.run(ask()))


if __name__ == "__main__":
    main()
