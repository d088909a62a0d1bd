"""All that is held of a person is in one document, and nothing of anybody else (A3)."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from contracts import topics
from services.privacy.exporting import FORMAT, exporting, written
from services.privacy.who import UnknownPersonError, Who, WrongIdError, person
from services.store.records import Receipt
from tests.integration.privacy.conftest import (
    EMAIL,
    LAKESIDE,
    NADIA,
    NAME,
    NAMESAKE,
    SECOND,
    STREAMS,
    TAG,
    Place,
)
from tests.support.school import COURSE, LEARNER, SCHOOL

LISTS = {
    "courses",
    "programs",
    "events",
    "results",
    "mails",
    "deliveries",
    "operation_rows",
    "operations_begun",
}


async def test_it_has_what_every_place_holds(full: Place) -> None:
    await _operation(full, SCHOOL)
    document = await full.document()
    assert document["format"] == FORMAT
    assert (
        document["directory"] | {"name": NAME, "email": EMAIL, "tags": [TAG]}
        == (document["directory"])
    )
    assert document["erasure"] is None
    assert document["mail_suppressed"]["cause"] == "administrator"
    assert [it["course"] for it in document["courses"]] == [COURSE, SECOND]
    [_, first] = sorted(document["courses"], key=lambda it: it["course"] == COURSE)
    assert first["status"] == "completed"
    assert [it["activity"] for it in first["activities"]] == ["a", "quiz"]
    assert [(it["attempt"], it["state"]) for it in document["mails"]] == [
        (1, "sent"),
        (2, "intended"),
    ]
    [told] = document["deliveries"]
    assert told["state"] == "delivered"
    assert told["body"]["data"]["user"] == {"id": LEARNER}
    assert [it["input"]["note"] for it in document["operation_rows"]] == ["Late."]
    assert document.keys() == LISTS | {
        "format",
        "school",
        "user",
        "erasure",
        "directory",
        "mail_suppressed",
    }


async def test_b11_events_stand_as_they_go_out_stream_by_stream(full: Place) -> None:
    document = await full.document()
    expected = [
        (topics.event_id(it.originator_id, it.originator_version), it.topic, orjson.loads(it.state))
        for events in (await full.log.load(dict.fromkeys(map(str, STREAMS), 0))).values()
        for it in events
    ]
    found = [(it["id"], it["type"], it["data"]) for it in document["events"]]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert {it["data"].get("note") for it in document["events"]} == {"Sat on paper.", None}


async def test_a3_nothing_of_another_school_is_in_it(full: Place) -> None:
    await _operation(full, LAKESIDE)
    await _receipts(full)
    for who, other in ((NADIA, NAMESAKE), (NAMESAKE, NADIA)):
        text = (await full.exported(who)).decode()
        assert f'"{who.school}"' in text
        assert other.school not in text
    assert "Noor" not in (await full.exported()).decode()


async def test_results_of_their_commands_are_in_it_refused_ones_too(full: Place) -> None:
    await _receipts(full)
    document = await full.document()
    assert [(it["command_id"], it["result"]["code"]) for it in document["results"]] == [
        ("c-1", "not_enrolled")
    ]


async def test_the_same_data_give_the_same_bytes(full: Place) -> None:
    await _receipts(full)
    assert await full.exported() == await full.exported()


async def test_it_reads_one_moment_whatever_is_written_meanwhile(full: Place) -> None:
    before = await full.exported()
    async with exporting(full.pool, NADIA) as export:
        pieces = export.pieces()
        read = [await anext(pieces)]
        await full.erase()
        read += [piece async for piece in pieces]
    assert b"".join(read) == before


async def test_written_down_it_is_the_same_and_no_snapshot_is_held(full: Place) -> None:
    held = (
        "select count(*) from pg_stat_activity where datname = current_database() "
        "and xact_start is not null and pid <> pg_backend_pid()"
    )
    async with written(full.pool, NADIA) as document:
        assert await full.pool.fetchval(held) == 0
        assert document.read() == await full.exported()


async def test_after_an_erasure_it_has_ids_alone(full: Place) -> None:
    await full.erase()
    document = await full.document()
    assert document["directory"] is None
    assert document["erasure"]["reason"] == "R-1"
    assert len(document["events"]) == 7
    text = (await full.exported()).decode()
    assert not any(word in text for word in (NAME, EMAIL, TAG))


async def test_somebody_unknown_has_no_document(full: Place) -> None:
    with pytest.raises(UnknownPersonError):
        await full.exported(Who(SCHOOL, "nobody"))


@pytest.mark.parametrize(
    ("school", "user"),
    [("riverside", "a/b"), ("riverside", ""), ("riverside", "~courses"), ("r\0", "u"), ("", "u")],
)
def test_what_can_be_no_id_is_refused_before_anything_is_read(school: str, user: str) -> None:
    with pytest.raises(WrongIdError):
        person(school, user)


async def _receipts(place: Place) -> None:
    """A refused command of theirs, one of the namesake's, one that only mentions them."""

    def receipt(school: str, id_: str, **result: Any) -> Receipt:
        return Receipt(school, id_, b"", orjson.dumps({"school": school, **result}))

    refused = {"learner": LEARNER, "code": "not_enrolled"}
    await asyncio.gather(
        place.log.append([], [receipt(SCHOOL, "c-1", **refused)]),
        place.log.append([], [receipt(LAKESIDE, "c-1", **refused)]),
        place.log.append([], [receipt(SCHOOL, "c-2", learner="u-1", message=f'"{LEARNER}"')]),
        place.log.append([], [receipt(SCHOOL, "c-3", learner="u-1", actor=LEARNER)]),
    )


async def _operation(place: Place, school: str) -> None:
    """An operation in which a row of theirs has failed, with a note."""
    await place.pool.execute(
        "insert into operations (school, operation, kind, state, dry_run, template, parts, actor, "
        "responsible, reason, source, created_at) values ($1, 'op-1', 'import', 'completed', false,"
        " '{}', 1, 'u-7', 'u-7', 'migration', 'import', now())",
        school,
    )
    await place.pool.execute(
        "insert into operation_rows (school, operation, row, place, learner, outcome, code, input) "
        """values ($1, 'op-1', 1, 0, $2, 'failed', 'not_enrolled', '{"note": "Late."}'),"""
        """ ($1, 'op-1', 2, 0, 'u-1', 'failed', 'not_enrolled', '{"note": "Another."}')""",
        *(school, LEARNER),
    )
