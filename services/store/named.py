"""Cursors of runs that somebody has named, so that they can go on after a break.

Such a cursor belongs to a name and to what was asked for: with other choices it would go on from
where it stands and leave out what the new ones want of the events before. It lies beside those of
the projections, and so keeps its place when a log is restored into another cluster.
"""

import re
from hashlib import blake2b

import asyncpg

from services.store.cursors import Cursor
from services.store.placement import MAIN
from services.store.sql import query

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RunNameError(Exception):
    """``run_name_wrong`` or ``run_differs``; the text says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


async def named_cursor(pool: asyncpg.Pool, kind: str, name: str, asked: str) -> Cursor:
    """The cursor of a run; ``asked`` is what it was asked for, in any words that stay the same.

    Raises:
        RunNameError: the name cannot be one, or the run was begun with other choices.
    """
    if _NAME.fullmatch(name) is None:
        raise RunNameError(
            "run_name_wrong", "A run's name has 1 to 64 letters, digits, dots, dashes, underlines."
        )
    family = f"{kind}:{name}:"
    wanted = family + blake2b(asked.encode(), digest_size=8).hexdigest()
    found = {row[0] for row in await pool.fetch(query("cursors_named"), MAIN, family)}
    if found - {wanted}:
        raise RunNameError(
            "run_differs",
            f"The {kind} {name} was begun with other choices; repeat those, or take another name.",
        )
    return Cursor(pool, wanted)
