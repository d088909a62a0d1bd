"""``coursemark privacy``: asked first, told what is left, on whose word (A1, A3)."""

from __future__ import annotations

import asyncio
import json
import signal
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from services.runtime.embedded.waiting import until
from services.runtime.topology import TOPICS
from services.store import erasures
from services.store.log import EventLog
from services.store.people import people
from services.store.pool import open_pool
from services.store.records import Receipt
from tests.support.command_line import process

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import School, Stack

SAM = "Sam Okafor"


def test_an_export_is_a_file_that_only_its_maker_can_read(
    stack: Stack, school: School, tmp_path: Path
) -> None:
    out = tmp_path / "sam.json"
    done = stack.run("privacy", "export", school.id, "u-1", "--out", str(out))
    assert done.returncode == 0, done
    assert json.loads(out.read_bytes())["directory"]["name"] == SAM
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [out]
    nowhere = tmp_path / "none" / "sam.json"
    refused = stack.run("privacy", "export", school.id, "u-1", "--out", str(nowhere))
    assert (refused.returncode, nowhere.parent.exists()) == (2, False)
    assert "No such file or directory" in refused.stderr
    printed = stack.run("privacy", "export", school.id, "u-1")
    assert printed.stdout.encode() == out.read_bytes()


async def test_a_slow_reader_of_standard_output_holds_no_snapshot(
    stack: Stack, school: School
) -> None:
    # A document of 2 MB: more than any pipe takes before somebody reads.
    result = json.dumps({"school": school.id, "learner": "u-1", "message": "x" * 1_000})
    held = (
        "select count(*) from pg_stat_activity "
        "where application_name = 'coursemark command' and xact_start is not null"
    )
    pool = await open_pool(stack.addresses.database)
    try:
        receipts = [Receipt(school.id, f"c-{n}", b"", result.encode()) for n in range(2_000)]
        await EventLog(pool).append([], receipts)
        export = await process("privacy", "export", school.id, "u-1", "--data", str(stack.data))
        assert export.stdout is not None
        first = await export.stdout.readexactly(1)
        assert await pool.fetchval(held) == 0
        rest, said = await export.communicate()
    finally:
        await pool.close()
    assert export.returncode == 0, said
    assert len(json.loads(first + rest)["results"]) == 2_000


def test_nothing_is_erased_before_somebody_has_said_yes(stack: Stack, school: School) -> None:
    done = stack.run("privacy", "erase", school.id, "u-1")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert "directory record" in done.stdout
    assert json.loads(stack.run("privacy", "export", school.id, "u-1").stdout)["directory"]


def test_an_erasure_says_what_it_did_and_what_is_left_for_how_long(
    stack: Stack, school: School
) -> None:
    erased = ("privacy", "erase", school.id, "u-1", "--yes", "--json")
    done = stack.run(*erased, "--actor", "ada", "--reason", "request 17")
    assert done.returncode == 0, done
    told = json.loads(done.stdout)
    assert told["erasure"]["actor"] == "ada"
    assert told["erasure"]["reason"] == "request 17"
    assert told["found"]["directory"] is True
    assert told["steps"][-1]["step"] == "ended"
    left = {it["where"]: it["until"] for it in told["left"]}
    assert left["coursemark.directory.dead.v1"] == "90 days after each came"
    assert left["coursemark.events.v1"] == "30 days after each was sent"
    dead = {name for name in TOPICS if name.endswith(".dead.v1")}
    assert dead <= left.keys()
    assert SAM not in done.stdout + done.stderr
    [listed] = map(
        json.loads, stack.run("privacy", "list", school.id, "--json").stdout.splitlines()
    )
    assert listed == told["erasure"]
    again = stack.run(*erased)
    assert json.loads(again.stdout)["erasure"] == told["erasure"]
    assert json.loads(stack.run("privacy", "export", school.id, "u-1").stdout)["directory"] is None


@pytest.mark.parametrize("actor", ["u-1", "nobody"])
def test_a1_an_actor_who_is_no_administrator_is_refused(
    stack: Stack, school: School, actor: str
) -> None:
    done = stack.run("privacy", "erase", school.id, "u-1", "--yes", "--actor", actor)
    assert done.returncode == 1
    assert "[not_permitted]" in done.stderr
    assert stack.run("privacy", "list", school.id, "--json").stdout == ""


def test_who_ran_it_is_on_record_where_nobody_is_named(stack: Stack, school: School) -> None:
    done = stack.run("privacy", "erase", school.id, "u-1", "--yes", "--json")
    assert json.loads(done.stdout)["erasure"]["actor"].startswith("~")


@pytest.mark.parametrize(
    ("user", "code"), [("nobody", "unknown_person"), ("a/b", "invalid_id"), ("~x", "invalid_id")]
)
@pytest.mark.parametrize("words", [("erase", "--yes"), ("export",)])
def test_a3_who_is_unknown_is_said_to_be_so(
    stack: Stack, school: School, words: tuple[str, ...], user: str, code: str
) -> None:
    command, *flags = words
    done = stack.run("privacy", command, school.id, user, *flags)
    assert done.returncode == 2
    assert f"[{code}]" in done.stderr
    assert done.stdout == ""


def test_an_export_that_fails_leaves_no_file(stack: Stack, school: School, tmp_path: Path) -> None:
    out = tmp_path / "nobody.json"
    done = stack.run("privacy", "export", school.id, "nobody", "--out", str(out))
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("reason", ["", "x" * 201])
def test_a_reason_is_a_label(stack: Stack, school: School, reason: str) -> None:
    done = stack.run("privacy", "erase", school.id, "u-1", "--yes", "--reason", reason)
    assert done.returncode == 2
    assert stack.run("privacy", "list", school.id, "--json").stdout == ""


def test_an_id_that_looks_like_an_address_is_said_to_stay(stack: Stack, school: School) -> None:
    user = {"school": school.id, "user": "sam@a.example"}
    line = json.dumps({"type": "user", "data": user})
    assert stack.run("send", "--file", "-", stdin=line).returncode == 0
    done = stack.run("privacy", "erase", school.id, "sam@a.example", "--yes")
    assert done.returncode == 0, done
    assert "it looks like an address" in done.stdout


@pytest.mark.parametrize("table", ["mails", "webhook_attempts"])
async def test_killed_in_the_middle_it_is_done_by_the_next_run(
    stack: Stack, school: School, table: str
) -> None:
    # Held where it writes to the table: within its first transaction, or after the topics.
    words = "privacy", "erase", school.id, "u-1", "--yes", "--data", str(stack.data)
    pool = await open_pool(stack.addresses.database)
    try:
        async with pool.acquire() as holding, holding.transaction():
            await holding.execute(f"lock table {table} in exclusive mode")
            killed = await process(*words)

            async def held() -> bool:
                waits = (
                    "select count(*) from pg_locks where not granted and relation = $1::regclass"
                )
                return bool(await pool.fetchval(waits, table))

            assert await until(held, within=60, every=0.05)
            killed.kill()
            assert await killed.wait() == -signal.SIGKILL
        record = await erasures.erasure_of(pool, school.id, "u-1")
        assert (record is None) == (table == "mails")
        assert record is None or record.ended_at is None
        done = await asyncio.to_thread(stack.run, *words[:5])
        assert done.returncode == 0, done
        ended = await erasures.erasure_of(pool, school.id, "u-1")
        assert ended is not None
        assert ended.ended_at is not None
        assert await people(pool, school.id, ["u-1"]) == {}
    finally:
        await pool.close()


async def test_the_doctor_sees_an_erasure_that_was_broken_off(stack: Stack, school: School) -> None:
    async def looked() -> list[str]:
        found = json.loads((await asyncio.to_thread(stack.run, "doctor", "--json")).stdout)
        return [it["detail"] for it in found if it["what"] == "erasures"]

    pool = await open_pool(stack.addresses.database)
    try:
        assert await looked() == []
        async with pool.acquire() as connection:
            now = datetime.now(UTC)
            await erasures.begin(connection, school.id, "u-1", "ada", "request", now)
        assert await looked() == ["1 begun and not ended"]
    finally:
        await pool.close()
    done = await asyncio.to_thread(stack.run, "privacy", "erase", school.id, "u-1", "--yes")
    assert "began to be erased" in done.stdout
    assert await looked() == []
