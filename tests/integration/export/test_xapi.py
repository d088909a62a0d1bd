"""B13: the school's statements are in the store once each, however often it is broken off."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from contracts import topics
from services.runtime.embedded.waiting import until
from services.store.records import ORIGIN
from tests.support.cohort import attend, take_back
from tests.support.command_line import process
from tests.support.poison import POISON, append_poison
from tests.support.xapi import VALIDATOR, Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from services.store.log import EventLog
    from tests.integration.export.conftest import Call
    from tests.support.appended import Appender

LEARNERS = 30
OF_EACH = {"completed": 5, "failed": 1, "passed": 1, "satisfied": 1, "waived": 2}
EXPECTED = {verb: count * LEARNERS for verb, count in OF_EACH.items()}
HOME = ("--home", "https://lms.example")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest.fixture
async def sends(appender: Appender, call: Call) -> Call:
    """A school, its neighbour, and credentials."""
    await attend(appender, LEARNERS)
    await attend(appender, 3, "hilltop", "b")
    call.variables |= {
        "COURSEMARK_LRS_USERNAME": "coursemark",
        "COURSEMARK_LRS_PASSWORD": "secret",
        "COURSEMARK_PATIENCE_SECONDS": "3",
    }
    return call


def verbs(statements: Any) -> Counter[str]:
    return Counter(it["verb"]["display"]["en"] for it in statements)


def in_folder(path: Path) -> list[str]:
    return [it.name for it in path.iterdir()]


def words(receiver: Receiver, *more: str) -> tuple[str, ...]:
    return ("export", "xapi", "--school", "riverside", "--lrs", receiver.url, *HOME, *more)


async def test_a3_a_school_s_statements_reach_its_store_and_a_repeat_changes_nothing(
    sends: Call, receiver: Receiver
) -> None:
    done = await sends(*words(receiver, "--json"))
    assert done.returncode == 0, done
    assert json.loads(done.stdout)["statements"] == EXPECTED
    assert verbs(receiver.has.values()) == EXPECTED
    schools = {it["actor"]["account"]["homePage"] for it in receiver.has.values()}
    assert schools == {"https://lms.example/schools/riverside"}
    before = dict(receiver.has)
    assert (await sends(*words(receiver))).returncode == 0
    assert receiver.has == before


async def test_b7_what_is_undone_is_voided_in_the_store_and_counts_no_more(
    sends: Call, receiver: Receiver, appender: Appender
) -> None:
    """As the nightly run goes on; and in a store that gets all of it anew, of one type alone."""
    nightly = words(receiver, "--resume", "nightly", "--batch", "7", "--json")
    await sends(*nightly)
    await take_back(appender, LEARNERS)
    done = await sends(*nightly)
    assert json.loads(done.stdout)["statements"] == {"voided": LEARNERS}, done
    assert max(receiver.posts) <= 7
    assert verbs(receiver.current()) == EXPECTED | {"completed": 4 * LEARNERS}
    receiver.has.clear()
    await sends(*words(receiver, "--type", "activity_completed"))
    assert verbs(receiver.current()) == {"completed": 4 * LEARNERS, "waived": 2 * LEARNERS}
    receiver.has.clear()
    done = await sends(*words(receiver, "--type", "course_completed", "--json"))
    assert verbs(receiver.has.values()) == {"satisfied": LEARNERS}
    assert json.loads(done.stdout)["without"] == {}, "undos, for which nobody asked"


async def test_a_file_has_one_valid_statement_a_line(sends: Call, tmp_path: Path) -> None:
    out = tmp_path / "statements.jsonl"
    done = await sends("export", "xapi", "--school", "riverside", "--out", str(out), *HOME)
    assert done.returncode == 0, done
    lines = [json.loads(line) for line in out.read_bytes().splitlines()]
    for line in lines:
        VALIDATOR.validate(line)
    assert verbs(lines) == EXPECTED
    assert "No verb of cmi5's: 60 coursemark.progress.progress_reset.v1" in done.stdout
    printed = await sends(
        *("export", "xapi", "--school", "riverside", "--out", "-"),
        COURSEMARK_XAPI_HOME="https://lms.example",
    )
    assert [json.loads(line) for line in printed.stdout.splitlines()] == lines


async def test_killed_and_resumed_it_sends_all_and_each_once(
    sends: Call, receiver: Receiver
) -> None:
    """kill -9 in the middle of many small batches; what is done is not asked for again."""
    resumed = words(receiver, "--resume", "nightly", "--batch", "5", "--json")
    victim = await process(*resumed, **sends.variables)

    async def some() -> bool:
        return len(receiver.has) > 20

    assert await until(some, within=60)
    victim.kill()
    await victim.communicate()
    before = len(receiver.has)
    assert before < sum(EXPECTED.values())
    done = await sends(*resumed)
    assert done.returncode == 0, done
    assert verbs(receiver.has.values()) == EXPECTED
    assert sum(json.loads(done.stdout)["statements"].values()) <= 300 - before + 5
    posts = len(receiver.posts)
    assert (await sends(*resumed)).returncode == 0
    assert len(receiver.posts) == posts
    other = await sends(*words(receiver, "--resume", "nightly", "--type", "course_completed"))
    assert (other.returncode, "[run_differs]" in other.stderr) == (2, True)


async def test_a_refused_statement_is_named_and_can_be_left_out(
    sends: Call, receiver: Receiver, log: EventLog
) -> None:
    await sends(*words(receiver))
    id_ = sorted(receiver.has)[17]
    receiver.has.clear()
    receiver.refuses = {id_}
    resumed = words(receiver, "--resume", "nightly", "--json")
    refused = await sends(*resumed)
    assert (refused.returncode, "[statement_refused]" in refused.stderr) == (1, True), refused
    assert "that verb is not for us" in refused.stderr
    event = refused.stderr.split("--skip ")[1].split()[0]
    names = {topics.event_id(*it[1:3]) for it in await log.follow(ORIGIN, 10_000)}
    assert event in names
    done = await sends(*resumed, "--skip", event)
    assert json.loads(done.stdout)["skipped"] == [event]
    assert len(receiver.has) == sum(EXPECTED.values()) - 1


async def test_what_keeps_it_from_a_store_is_told_by_a_code(
    sends: Call, receiver: Receiver
) -> None:
    for more, answers, code, exit_code in (
        ({"COURSEMARK_LRS_PASSWORD": "wrong"}, [], "lrs_refuses_us", 78),
        ({}, [web.Response(status=404)], "lrs_address_wrong", 2),
        (
            {"COURSEMARK_PATIENCE_SECONDS": "0.3"},
            [web.Response(status=500) for _ in range(9)],
            "lrs_away",
            69,
        ),
    ):
        receiver.answers = list(answers)
        failed = await sends(*words(receiver), **more)
        assert (failed.returncode, f"[{code}]" in failed.stderr) == (exit_code, True), failed
        assert "wrong" not in failed.stderr.replace("lrs_address_wrong", "")
    assert receiver.has == {}


async def test_what_cannot_be_asked_for_is_told(
    sends: Call, receiver: Receiver, tmp_path: Path
) -> None:
    school = ("export", "xapi", "--school", "riverside")
    out = ("--out", str(tmp_path / "x"))
    homeless = await sends(*school, *out)
    assert (homeless.returncode, "[xapi_home_missing]" in homeless.stderr) == (78, True)
    nowhere = await sends("export", "xapi", "--school", "nowhere", *out, *HOME)
    assert (nowhere.returncode, "[unknown_school]" in nowhere.stderr) == (2, True)
    for wrong in (
        (*school, *HOME),
        (*school, *HOME, *out, "--lrs", receiver.url),
        (*school, *HOME, *out, "--resume", "a"),
        (*school, *out, "--home", "urn:lms"),
        (*school, *HOME, *out, "--xapi-version", "0.9"),
        ("export", "xapi", *HOME, *out),
    ):
        assert (await sends(*wrong)).returncode == 2, wrong
    assert not in_folder(tmp_path)


async def test_a_poison_event_leaves_no_half_file(
    sends: Call, log: EventLog, tmp_path: Path
) -> None:
    await append_poison(log)
    school = ("export", "xapi", "--school", "riverside", *HOME, "--out", str(tmp_path / "x"))
    stopped = await sends(*school)
    assert (stopped.returncode, "[poison_event]" in stopped.stderr) == (70, True)
    assert not in_folder(tmp_path)
    assert (await sends(*school, "--skip", POISON)).returncode == 0
