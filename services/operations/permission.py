"""Who may ask something of many learners at once (A1, A2): the directory says."""

import asyncpg

from services.domain.decision import Refused
from services.domain.permission import administrators_refusal
from services.store.directory import Directory


async def refusal(
    pool: asyncpg.Pool | asyncpg.Connection, school: str, actor: str
) -> Refused | None:
    """Why the actor may not, or none."""
    facts = await Directory(pool).facts({school}, {(school, actor)})
    return administrators_refusal(
        school, actor, facts.levels.get((school, actor)), facts.plans.get(school)
    )
