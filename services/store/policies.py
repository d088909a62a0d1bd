"""Each school's policy (B3, B4): read when something is decided, set by who runs the service."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from services.domain.policy import NO_LIMITS, Policy
from services.store.sql import query


async def policy_of(pool: asyncpg.Pool | asyncpg.Connection, school: str) -> Policy:
    """The school's policy; without limits where it has set none."""
    row = await pool.fetchrow(query("policy_read"), school)
    return NO_LIMITS if row is None else of_row(row)


async def set_policy(pool: asyncpg.Pool | asyncpg.Connection, school: str, policy: Policy) -> None:
    """Set it, in place of what there was; the next batch of commands is held against it."""
    reasons = None if policy.reasons is None else sorted(policy.reasons)
    values = (*policy[:2], reasons, *policy[3:])
    await pool.execute(query("policy_put"), school, *values)


def of_row(row: Sequence[Any]) -> Policy:
    """The policy of a row that has its columns in order."""
    days, import_days, reasons, note_required, four_eyes_above = row
    allowed = None if reasons is None else frozenset(reasons)
    return Policy(days, import_days, allowed, note_required, four_eyes_above)
