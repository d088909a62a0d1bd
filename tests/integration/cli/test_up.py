"""All of Coursemark from one command: what dies comes back, what stops stops in order, data stay.

One story on one data folder, since each start takes seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import TYPE_CHECKING

import aiohttp
import pytest
import pytest_asyncio

from services.composition import RUNS
from tests.integration.cli.conftest import School, Stack, lines
from tests.support.command_line import coursemark, process, up
from tests.support.servers import server_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.command_line import Running

pytestmark = pytest.mark.slow

SCHOOL = School("kept")
ONCE = lines(SCHOOL.enroll() | {"id": "once"})
SEND = ("send", "--json", "--file", "-")
PARTS = set(RUNS)


class Told:
    """What was seen of the first and of the second time."""

    first: Running
    second: Running
    returncodes: tuple[int | None, int | None]
    beside: tuple[int | None, str]
    shown: tuple[str, str]
    answered: tuple[str, str]
    killed: tuple[int, int]
    where: tuple[str, str]
    api_answered: int


async def call(stack: Stack, *words: str, stdin: str = "") -> str:
    done = await asyncio.to_thread(stack.run, *words, stdin=stdin)
    assert done.returncode == 0, done
    return done.stdout


async def card(stack: Stack) -> str:
    shown = json.loads(await call(stack, "show", SCHOOL.id, "u-1", "--json"))
    return json.dumps(shown["courses"])


@pytest_asyncio.fixture(scope="module")
async def told() -> AsyncIterator[Told]:
    story = Told()
    with server_folder() as data:
        stack = Stack(data)
        async with up(data) as first:
            story.first = first
            beside = await process("up", "--data", str(data))
            _, said = await beside.communicate()
            story.beside = beside.returncode, said.decode()
            await call(stack, "send", "--file", "-", stdin=lines(*SCHOOL.reference()))
            result = await call(stack, *SEND, stdin=ONCE)
            await call(stack, *SEND, stdin=lines(SCHOOL.mark()))
            killed = first.pid_of("projector", data)
            os.kill(killed, signal.SIGKILL)
            await first.heard("ready", name="projector", times=2)
            story.killed = killed, first.pid_of("projector", data)
            await _seen(stack)
            before = await card(stack)
            where = (await call(stack, "where", "api")).strip()
            async with aiohttp.ClientSession() as client, client.get(f"{where}/v1/me") as got:
                story.api_answered = got.status
            first.process.send_signal(signal.SIGINT)
            code = await first.process.wait()
        async with up(data) as second:
            story.second = second
            story.shown = before, await card(stack)
            story.where = where, json.loads(await call(stack, "where", "--json"))["api"]
            story.answered = result, await call(stack, *SEND, stdin=ONCE)
            second.process.send_signal(signal.SIGTERM)
            story.returncodes = code, await second.process.wait()
        yield story


async def _seen(stack: Stack) -> None:
    """Until the views have everything."""
    for _ in range(100):
        listed = json.loads(await call(stack, "projections", "list", "--json"))
        if not sum(it["behind"] for it in listed if it["kind"] == "view"):
            return
    pytest.fail("the views stay behind")


def test_the_api_is_where_it_says_and_there_again_after_a_restart(told: Told) -> None:
    assert told.api_answered == 401
    serving = [*told.first.said, *told.second.said]
    [first, second] = [it["api"] for it in serving if it["happened"] == "serving"]
    assert told.where == (first, second)
    assert first == second


def test_servers_are_ready_before_parts_and_parts_before_it_says_so(told: Told) -> None:
    ready = [it["name"] for it in told.first.said if it["happened"] == "ready"]
    assert set(ready[:2]) == {"PostgreSQL", "The embedded broker"}
    assert set(ready[2:]) == PARTS
    happened = [it["happened"] for it in told.first.said]
    begin = ["starting", *["ready"] * (2 + len(PARTS)), "serving"]
    assert happened[: len(begin)] == begin


def test_no_secret_is_told(told: Told) -> None:
    [serving] = [it for it in told.first.said if it["happened"] == "serving"]
    assert serving["database"].startswith("postgresql://coursemark:***@127.0.0.1:")


def test_a_second_one_on_the_folder_says_whose_it_is(told: Told) -> None:
    code, said = told.beside
    assert code == 69
    assert f"(process {told.first.process.pid})" in said
    assert "Traceback" not in said


def test_a_killed_part_comes_back(told: Told) -> None:
    before, after = told.killed
    assert before != after
    [died] = [it for it in told.first.said if it["happened"] == "died"]
    assert (died["name"], died["how"]) == ("projector", "was killed by SIGKILL")


def test_ctrl_c_and_sigterm_stop_parts_before_servers(told: Told) -> None:
    assert told.returncodes == (0, 0)
    for running in (told.first, told.second):
        stopped = [it["name"] for it in running.said if it["happened"] == "stopped"]
        assert set(stopped[: len(PARTS)]) == PARTS
        assert set(stopped[len(PARTS) :]) == {"PostgreSQL", "The embedded broker"}
        assert running.said[-1] == {"happened": "stopped_all", "topics_kept": False}


def test_what_was_acknowledged_stays(told: Told) -> None:
    before, after = told.shown
    assert json.loads(before)[0]["status"] == "completed"
    assert before == after
    first, again = map(json.loads, told.answered)
    assert first["result"] == again["result"]  # B1, although the broker had forgotten everything


async def test_a_person_is_told_what_to_try_and_what_is_gone() -> None:
    """Ctrl-C while it starts is no fault either."""
    with server_folder() as data:
        starting = await process("up", "--data", str(data))
        assert starting.stdout is not None
        assert b"Coursemark" in await starting.stdout.readline()
        starting.send_signal(signal.SIGINT)
        said, wrong = await asyncio.wait_for(starting.communicate(), 60)
    assert (starting.returncode, wrong) == (0, b"")
    assert "The embedded broker's topics are gone" in said.decode()


def test_wrong_settings_are_said_at_once() -> None:
    refused = coursemark("up", COURSEMARK_REPLICATION="0")
    assert refused.returncode == 78
    assert "COURSEMARK_REPLICATION is too small; send 1 or more." in refused.stderr
