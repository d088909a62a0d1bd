"""B13: statements reach a store once each; what it says is understood, or told in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from contracts.events import ActivityCompleted
from services.export.xapi.lrs import Lrs, LrsError, Made, Store
from services.export.xapi.statements import statements
from tests.support.appended import MINE
from tests.support.happened import earned, reset_revoked
from tests.support.spec import BEFORE
from tests.support.xapi import Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


def made(count: int) -> list[Made]:
    found = []
    for number in range(count):
        event = earned(f"a{number}").completed(BEFORE | MINE._asdict() | {"attempt": 1})
        id_ = f"{MINE}@{number}"
        [body] = statements(event, id_, "https://lms.example")
        found.append(Made(id_, body))
    return found


def lrs(receiver: Receiver, **more: Any) -> Lrs:
    mine: dict[str, Any] = {"username": "coursemark", "password": "secret", "patience_seconds": 5}
    return Lrs(Store(receiver.url, **(mine | more)))


async def test_a_batch_is_one_request_and_a_repeat_changes_nothing(receiver: Receiver) -> None:
    async with lrs(receiver, version="2.0.0") as store:
        await store.store(made(40))
        await store.store(made(40))
        await store.store([])
        assert store.known == 0
    assert (len(receiver.has), receiver.posts, receiver.versions) == (40, [40, 40], {"2.0.0"})


async def test_a_store_that_calls_a_repeat_a_conflict_is_looked_into(receiver: Receiver) -> None:
    """xAPI lets it answer 409 for the whole batch; that it has the same is no conflict."""
    receiver.suspicious = True
    async with lrs(receiver) as store:
        await store.store(made(5))
        await store.store(made(8))
        assert store.known == 5
    assert len(receiver.has) == 8


async def test_b7_a_repeat_of_what_was_voided_since_and_of_the_voiding_are_no_conflict(
    receiver: Receiver,
) -> None:
    """A store gives a voided statement to who asks for a voided one, and to nobody else."""
    receiver.suspicious = True
    undo = reset_revoked(
        9,
        (3, ActivityCompleted, {"activity": "a3", "provenance": "earned"}),
        complete=False,
        completions=0,
    )
    id_ = f"{MINE}@10"
    event = undo.completed(BEFORE | MINE._asdict() | {"attempt": 1, "actor": "u-7"})
    sent = made(5) + [Made(id_, it) for it in statements(event, id_, "https://lms.example")]
    async with lrs(receiver) as store:
        await store.store(sent)
        assert receiver.voided() == {sent[3].statement["id"]}
        await store.store(sent)
        assert store.known == 6
    assert [it["id"] for it in receiver.current()] == [
        sent[number].statement["id"] for number in (0, 1, 2, 4)
    ]


async def test_another_statement_of_the_same_id_is_named(receiver: Receiver) -> None:
    sent = made(9)
    other = sent[6].statement | {"verb": {"id": "http://adlnet.gov/expapi/verbs/failed"}}
    receiver.has[other["id"]] = other
    async with lrs(receiver) as store:
        with pytest.raises(LrsError, match=rf"{other['id']}.*--skip {MINE}@6") as refused:
            await store.store(sent)
    assert refused.value.code == "statement_conflict"
    assert set(receiver.has) == {it.statement["id"] for it in sent[:7]}


async def test_a_statement_that_is_refused_is_named_and_those_before_are_stored(
    receiver: Receiver,
) -> None:
    sent = made(13)
    receiver.refuses = {sent[10].statement["id"]}
    async with lrs(receiver) as store:
        with pytest.raises(LrsError, match=rf"{MINE}@10 \(HTTP 400\): that verb is not") as refused:
            await store.store(sent)
    assert refused.value.code == "statement_refused"
    assert set(receiver.has) == {it.statement["id"] for it in sent[:10]}


async def test_a_batch_that_is_too_large_goes_in_halves(receiver: Receiver) -> None:
    receiver.largest = 10
    async with lrs(receiver) as store:
        await store.store(made(40))
    assert receiver.posts == [40, 20, 10, 10, 20, 10, 10]
    assert len(receiver.has) == 40


@pytest.mark.parametrize("status", [429, 503])
async def test_later_is_tried_again_and_the_store_s_pause_is_kept(
    receiver: Receiver, status: int
) -> None:
    receiver.answers = [web.Response(status=status, headers={"Retry-After": "1"})]
    async with lrs(receiver) as store:
        await store.store(made(3))
    assert (receiver.posts, len(receiver.has)) == ([3], 3)


async def test_a_store_that_hangs_is_asked_again(receiver: Receiver) -> None:
    receiver.answers = [None]
    async with lrs(receiver, answer_seconds=0.3) as store:
        await store.store(made(3))
    assert len(receiver.has) == 3


@pytest.mark.parametrize("as_date", [False, True])
async def test_a_pause_longer_than_our_patience_ends_at_once(
    receiver: Receiver, *, as_date: bool
) -> None:
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    later = format_datetime(in_an_hour) if as_date else "3600"
    receiver.answers = [web.Response(status=503, headers={"Retry-After": later})]
    async with lrs(receiver) as store:
        with pytest.raises(LrsError, match=r"HTTP 503, asks to wait 3[56]\d\d s") as away:
            await store.store(made(1))
    assert away.value.code == "lrs_away"
    assert receiver.answers == []


async def test_a_store_that_stays_away_ends_it(receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=500) for _ in range(100)]
    async with lrs(receiver, patience_seconds=1) as store:
        with pytest.raises(LrsError, match="run the same command again") as away:
            await store.store(made(1))
    assert away.value.code == "lrs_away"
    async with Lrs(Store("http://127.0.0.1:9", patience_seconds=0.5)) as store:
        with pytest.raises(LrsError, match="Cannot connect") as away:
            await store.store(made(1))
    assert away.value.code == "lrs_away"


async def test_wrong_credentials_are_told_without_them(receiver: Receiver) -> None:
    wrong = {"password": "wrong-and-secret"}
    async with lrs(receiver, **wrong) as store:
        with pytest.raises(LrsError, match="COURSEMARK_LRS_PASSWORD") as refused:
            await store.store(made(1))
    assert refused.value.code == "lrs_refuses_us"
    assert "wrong-and-secret" not in str(refused.value)


@pytest.mark.parametrize("status", [302, 404, 405, 501])
async def test_what_is_no_store_is_told(receiver: Receiver, status: int) -> None:
    """A redirect is not followed: the credentials are for this address alone."""
    elsewhere = {"Location": f"{receiver.url}/statements"}
    receiver.answers = [web.Response(status=status, headers=elsewhere, text="<h1>\x1b[2Jno</h1>")]
    async with lrs(receiver) as store:
        with pytest.raises(LrsError, match=f"HTTP {status}: <h1>.*no</h1>") as refused:
            await store.store(made(1))
    assert refused.value.code == "lrs_address_wrong"
    assert "\x1b" not in str(refused.value)
    assert receiver.has == {}


@pytest.mark.parametrize(
    "url", ["lrs.example", "ftp://lrs.example", "http://", "https://me:secret@lrs.example/xapi"]
)
def test_an_address_that_cannot_be_one_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(LrsError) as refused:
        Lrs(Store(url))
    assert refused.value.code == "lrs_address_wrong"
    assert "secret" not in str(refused.value)


async def test_an_endless_answer_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=404, body=b"x" * 8_000_000)]
    async with lrs(receiver) as store:
        with pytest.raises(LrsError) as refused:
            await store.store(made(1))
    assert len(str(refused.value)) < 600
