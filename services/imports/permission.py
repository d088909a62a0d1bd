"""Who may import: asked before anything is read, and again by whoever carries it out (A1, A2)."""

import asyncpg

from contracts.operations import ControlOperation
from services.domain.decision import Context, Refused
from services.domain.permission import operation_refusal
from services.runtime.clock import now
from services.store.directory import Directory


async def refusal(pool: asyncpg.Pool, school: str, actor: str) -> Refused | None:
    """Why the actor may not import into the school, or none."""
    facts = await Directory(pool).facts({school}, {(school, actor)})
    context = Context(
        command_id="",
        recorded_at=now(),
        course=None,
        plan=facts.plans.get(school),
        actor_level=facts.levels.get((school, actor)),
        learner_known=False,
    )
    # Which operation it is makes no difference to who may.
    command = ControlOperation.model_construct(
        school=school, operation="", actor=actor, action="approve"
    )
    return operation_refusal(command, context)
