"""Names for ids, joined when somebody reads: nothing but the directory holds them."""

from collections.abc import Collection
from typing import NamedTuple

import asyncpg

from contracts.fields import RoleLevel
from services.store.sql import query


class Person(NamedTuple):
    """A user as the directory knows them today."""

    user: str
    role_level: RoleLevel
    role: str | None
    name: str | None
    email: str | None
    tags: list[str]
    language: str | None = None


async def people(pool: asyncpg.Pool, school: str, users: Collection[str]) -> dict[str, Person]:
    """Those of the school's users that the directory knows."""
    rows = await pool.fetch(query("people"), school, list(users))
    return {row[0]: Person(*row) for row in rows}


async def tagged(pool: asyncpg.Pool, school: str, tags: Collection[str]) -> list[str]:
    """The school's users who have all of the tags, in order of their ids."""
    rows = await pool.fetch(query("users_tagged"), school, list(tags))
    return [row[0] for row in rows]


async def users_by_email(
    pool: asyncpg.Pool, school: str, emails: Collection[str]
) -> dict[str, list[str]]:
    """The school's users with each of these addresses, by the address in lower case.

    Capitals make no difference; several users may have one address.
    """
    wanted = list({email.lower() for email in emails})
    found: dict[str, list[str]] = {}
    for user, email in await pool.fetch(query("users_by_email"), school, wanted):
        found.setdefault(email, []).append(user)
    return found


async def users_by_name(
    pool: asyncpg.Pool, school: str, names: Collection[str]
) -> dict[str, list[str]]:
    """The school's users by each name, which is an id or else an e-mail address; each once.

    A name of nobody is left out.
    """
    asked = list(dict.fromkeys(names))
    known = await people(pool, school, asked)
    emails = await users_by_email(pool, school, [it for it in asked if "@" in it])
    found = {it: [it] if it in known else emails.get(it.lower(), []) for it in asked}
    return {name: users for name, users in found.items() if users}


async def streams_of_learner(
    pool: asyncpg.Pool, school: str, learner: str, *, after: str = "", limit: int | None = None
) -> list[str]:
    """The names of a learner's streams, one for each course, in order; all, or so many after one.

    ``after``: a course.
    """
    rows = await pool.fetch(query("streams_of_learner"), school, learner, after, limit)
    return [row[0] for row in rows]
