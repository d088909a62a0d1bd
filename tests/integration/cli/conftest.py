"""One running Coursemark for all tests of the command line; each uses a school of its own."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import pytest_asyncio

from services.runtime.addresses import Addresses, find, find_side
from services.runtime.settings import Settings
from services.store.pool import open_pool
from services.store.tokens import Tokens
from tests.integration.cli.both_ways import Two
from tests.support.command_line import Done, coursemark, up
from tests.support.servers import server_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from services.store.tokens import NewToken, Scope


class Stack(NamedTuple):
    """A data folder in which Coursemark runs."""

    data: Path

    @property
    def addresses(self) -> Addresses:
        return find(Settings(_env_file=None, data=self.data))

    def run(self, *words: str, **more: Any) -> Done:
        return coursemark(*words, "--data", str(self.data), **more)

    def token(self, school: str, *scopes: Scope, actor: str = "ada") -> str:
        """The secret of a new token; not within a running event loop."""
        return asyncio.run(_token(str(self.addresses.database), school, scopes, actor)).secret


async def _token(database: str, school: str, scopes: Sequence[Scope], actor: str) -> NewToken:
    pool = await open_pool(database)
    try:
        return await Tokens(pool).create(school, "cli", scopes, datetime.now(UTC), actor=actor)
    finally:
        await pool.close()


class School(NamedTuple):
    """A school with an administrator, a learner and a course of three activities, one optional."""

    id: str

    def reference(self) -> list[dict[str, Any]]:
        activities = [
            {"activity": "read", "type": "text", "rules": {"visited": True}},
            {"activity": "quiz", "type": "exam", "rules": {"passed": 60.0}},
            {"activity": "extra", "type": "form", "required": False, "rules": {"submitted": True}},
        ]
        structure = {
            "school": self.id,
            "course": "biology",
            "version": 1,
            "title": "Biology I",
            "access": "sequential",
            "sections": [{"section": "s", "title": "Cells", "activities": activities}],
        }
        user = {"school": self.id, "user": "ada", "role_level": "admin", "name": "Ada Byron"}
        learner = {"school": self.id, "user": "u-1", "name": "Sam Okafor", "email": "sam@a.example"}
        return [
            {"type": "school", "data": {"school": self.id, "plan": "starter"}},
            {"type": "user", "data": user},
            {"type": "user", "data": learner},
            {"type": "course_structure", "data": structure},
        ]

    def command(self, name: str, **fields: Any) -> dict[str, Any]:
        whose = {"school": self.id, "learner": "u-1", "course": "biology"}
        return {"type": name, "data": whose | fields}

    def enroll(self) -> dict[str, Any]:
        return self.command("enroll_learner")

    def mark(self, *activities: str, **fields: Any) -> dict[str, Any]:
        wanted = {"actor": "ada", "activities": activities or "whole_course"}
        return self.command("mark_complete", **wanted, send_completion_email=False, **fields)


def lines(*messages: dict[str, Any]) -> str:
    """A file of JSON lines."""
    return "".join(f"{json.dumps(message)}\n" for message in messages)


@pytest_asyncio.fixture(scope="session")
async def stack() -> AsyncIterator[Stack]:
    with server_folder() as data:
        async with up(data):
            yield Stack(data)


@pytest.fixture
def school(stack: Stack) -> School:
    """A school that the running Coursemark knows."""
    made = _named()
    send(stack, *made.reference())
    return made


@pytest.fixture
def two(stack: Stack) -> Two:
    """Two schools that are alike, with a token of the second."""
    return alike(stack)


def alike(stack: Stack) -> Two:
    """Two such schools, of two learners each."""
    here, there = _named(), _named()
    second = {"user": "u-2", "email": "u2@a.example"}
    more = [{"type": "user", "data": second | {"school": it.id}} for it in (here, there)]
    send(stack, *here.reference(), *there.reference(), *more)
    server = find_side(Settings(_env_file=None, data=stack.data), "api")
    return Two(stack, here, there, server, stack.token(there.id, "commands", "manage", "read"))


def send(stack: Stack, *messages: dict[str, Any]) -> None:
    """Send them, in one file."""
    sent = stack.run("send", "--file", "-", stdin=lines(*messages))
    assert sent.returncode == 0, sent


def _named() -> School:
    return School(f"s{uuid.uuid4().hex[:8]}")
