"""The directory's tables: schools with plans, users with roles; never in the log."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, cast

import asyncpg

from contracts.directory import School, User
from contracts.fields import RoleLevel
from services.domain.policy import Policy
from services.store.policies import of_row
from services.store.sql import query


class Facts(NamedTuple):
    """What the rules ask: plans by school, role levels by (school, user), policies by school."""

    plans: Mapping[str, str]
    levels: Mapping[tuple[str, str], RoleLevel]
    policies: Mapping[str, Policy] = {}


class Directory:
    """Reads and writes, through a pool or within a connection's transaction."""

    def __init__(self, pool: asyncpg.Pool | asyncpg.Connection) -> None:
        self._pool = pool

    async def facts(self, schools: Collection[str], users: Collection[tuple[str, str]]) -> Facts:
        """Plans, policies and role levels of those that the directory knows."""
        plans = await self._pool.fetch(query("directory_plans"), list(schools))
        columns = [user[0] for user in users], [user[1] for user in users]
        levels = await self._pool.fetch(query("directory_levels"), *columns)
        return Facts(
            {row[0]: row[1] for row in plans},
            {(row[0], row[1]): cast("RoleLevel", row[2]) for row in levels},
            {row[0]: of_row(row[3:]) for row in plans if row[2]},
        )

    async def put_schools(self, schools: Sequence[School]) -> None:
        """Write schools; the later of two records of one school stands."""
        latest = {s.school: (s.school, s.plan, s.name, s.language) for s in schools}
        await self._pool.executemany(query("directory_put_school"), list(latest.values()))

    async def put_users(self, users: Sequence[User]) -> None:
        """Write users; the later of two records of one user stands, of an erased one none."""
        latest = {(u.school, u.user): _user_row(u) for u in users}
        await self._pool.executemany(query("directory_put_user"), list(latest.values()))

    async def erase_school(self, school: str) -> None:
        """Forget a school's record; its users' records stay until they are erased."""
        await self._pool.execute(query("directory_erase_school"), school)

    async def erase_user(self, school: str, user: str) -> None:
        """Forget a user: name, e-mail address, role and tags are gone."""
        await self._pool.execute(query("directory_erase_user"), school, user)


def _user_row(user: User) -> tuple[object, ...]:
    return (
        user.school,
        user.user,
        user.role_level,
        user.role,
        user.name,
        user.email,
        list(user.tags),
        user.language,
    )
