"""What the endpoints of schools ask for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import asyncpg

from services.effects.filters import Filter
from services.effects.sql import query


class Wish(NamedTuple):
    """An endpoint, and what it asks for; one that is not ``enabled`` has its messages parked."""

    endpoint: str
    filter: Filter
    enabled: bool


Wishes = Mapping[tuple[str, str], Sequence[Wish]]
"""By school and kind of endpoint."""


async def wishes(pool: asyncpg.Pool, schools: Collection[str]) -> Wishes:
    """What all endpoints of these schools ask for, in one query."""
    found: defaultdict[tuple[str, str], list[Wish]] = defaultdict(list)
    for row in await pool.fetch(query("endpoints_matching"), list(schools)):
        endpoint, school, kind, triggers, courses, completions, enabled = row
        asked = Filter(_set(triggers), _set(courses), completions)
        found[school, kind].append(Wish(endpoint, asked, enabled))
    return found


def _set(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
