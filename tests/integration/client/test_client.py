"""Both clients on the real API, over real HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from contracts.client import (
    AsyncClient,
    Client,
    NoResultError,
    ProblemError,
    RejectedError,
    Retries,
)
from contracts.commands import EnrollLearner, MarkComplete, UndoCommand
from contracts.operations import BulkEnroll
from services.projector.runtime import Projector
from services.store.log import EventLog
from services.store.pool import open_pool
from tests.integration.api.conftest import UNUSUAL, serving
from tests.support.stack import parts, settings

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api


def enrol(api: Api, learner: str = "u-1204") -> EnrollLearner:
    return EnrollLearner(school=api.school, learner=learner, course="biology-1", actor="admin")


def mark(api: Api, learner: str = "u-1204") -> MarkComplete:
    return MarkComplete(
        school=api.school,
        learner=learner,
        course="biology-1",
        actor="admin",
        activities="whole_course",
        send_completion_email=False,
    )


def blocking(where: str, token: str, school: EnrollLearner) -> list[str]:
    """What the client that blocks does of a command, twice, and of reads."""
    with Client(where, token) as client:
        first = client.enroll_learner(school, key="e-1")
        again = client.enroll_learner(school, key="e-1")
        assert first == again
        told = client.get_result("e-1")
        return [client.me().actor or "", first.outcome, told.outcome]


async def test_m4_b1_commands_and_reads_by_the_client_that_blocks(api: Api) -> None:
    token = await api.token()
    said = await asyncio.to_thread(blocking, api.where, token, enrol(api))
    assert said == ["admin", "accepted", "accepted"]


async def test_m4_b2_b5_b7_commands_and_reads_by_the_client_for_asyncio(api: Api) -> None:
    async with AsyncClient(api.where, await api.token()) as client:
        with pytest.raises(RejectedError) as refused:
            await client.mark_complete(mark(api))
        assert (refused.value.status, refused.value.code) == (409, "not_enrolled")
        assert refused.value.result.school == api.school
        await client.enroll_learner(enrol(api))
        foreseen = await client.preview(mark(api), key="p-1")
        assert (foreseen.would, foreseen.command_id) == ("accepted", "p-1")
        marked = await client.mark_complete(mark(api), key="m-1")
        assert [it.type.split(".")[2] for it in marked.events][-1] == "course_completed"
        undo = UndoCommand(
            school=api.school, learner="u-1204", course="biology-1", actor="admin", undoes="m-1"
        )
        taken = await client.send(undo, key="x-1")
        assert taken.result == "/v1/results/x-1"
        assert (await client.get_result("x-1", wait=30)).outcome == "accepted"
        with pytest.raises(ProblemError) as reused:
            await client.enroll_learner(enrol(api, "u-1"), key="m-1")
        assert (reused.value.status, reused.value.code) == (422, "command_id_reused")
        lent = MarkComplete(**dict(mark(api)) | {"school": api.other})
        with pytest.raises(ProblemError) as foreign:
            await client.mark_complete(lent)
        assert (foreign.value.status, foreign.value.code) == (403, "not_permitted")


async def test_m6_b10_cards_and_the_events_log_page_by_page(api: Api) -> None:
    async with AsyncClient(api.where, await api.token()) as client:
        for learner in ("u-1204", UNUSUAL):
            await client.enroll_learner(enrol(api, learner))
            await client.mark_complete(mark(api, learner))
        await Projector(EventLog(api.pool)).catch_up()
        [card] = [it async for it in client.get_learner(UNUSUAL)]
        assert [(it.status, it.manually_completed) for it in card.courses] == [("completed", True)]
        whole = [it async for it in client.events_of_learner("u-1204")]
        paged = [it async for it in client.events_of_learner("u-1204", limit=1)]
        assert whole == paged
        assert len(whole) > 2
        before = [it async for it in client.get_learner("u-1204", at=whole[-1].recorded_at)]
        assert [it.courses[0].status for it in before] == ["not_started"]
        listed = [it async for it in client.learners(status="completed", limit=1)]
        assert sorted(it.learner for it in listed) == sorted(["u-1204", UNUSUAL])
        with pytest.raises(ProblemError, match="no such learner"):
            await anext(client.courses_of_learner("nobody"))


async def test_idempotency_the_same_key_from_two_clients_at_once_is_one_command(api: Api) -> None:
    token = await api.token()
    async with AsyncClient(api.where, token) as one, AsyncClient(api.where, token) as two:
        asked = (it.enroll_learner(enrol(api), key="e-1") for it in (one, two, one, two))
        answers = await asyncio.gather(*asked)  # 409 in_progress is asked again
    assert len({it.to_json() for it in answers}) == 1
    found = await api.pool.fetchval(
        "select count(*) from stored_events where originator_id = $1",
        f"{api.school}/u-1204/biology-1",
    )
    assert found == 1


async def test_429_is_waited_out_as_the_server_says(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(seconds)

    limits = {"api_per_second": 1, "api_burst": 2}
    async with (
        serving(embedded_kafka, database_url, topic_prefix, **limits) as api,
        AsyncClient(api.where, await api.token(), sleep=sleep) as client,
    ):
        told = await asyncio.gather(*(client.me() for _ in range(4)))
        assert {it.school for it in told} == {api.school}
    assert len(slept) >= 1
    assert all(it >= 1 for it in slept)


async def test_b6_an_operation_is_followed_to_its_end(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    async with (
        serving(embedded_kafka, database_url, topic_prefix, "command-worker", "operations") as api,
        AsyncClient(api.where, await api.token()) as client,
    ):
        bulk = BulkEnroll(
            school=api.school,
            operation="o-1",
            actor="admin",
            learners=("u-1", "u-2", "nobody"),
            courses=("biology-1",),
        )
        await client.bulk_enroll(bulk)
        told = [it async for it in client.events_of_operation("o-1")]
        assert told[-1].state == "completed_with_errors"
        assert [it.revision for it in told] == sorted({it.revision for it in told})
        rows = [it async for it in client.rows_of_operation("o-1", outcome=["failed"])]
        assert [(it.learner, it.code) for it in rows] == [("nobody", "unknown_learner")]
        assert "nobody" in await client.errors_of_operation("o-1")
        assert [it async for it in client.events_of_operation("o-1")] == [told[-1]]
        with pytest.raises(ProblemError, match="no such operation"):
            await anext(client.events_of_operation("none"))


async def test_a_server_that_is_gone_and_comes_back_loses_nothing(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    async with serving(embedded_kafka, database_url, topic_prefix) as api:
        token, where, port = await api.token(), api.where, api.where.rpartition(":")[2]
        async with AsyncClient(where, token) as client:
            with pytest.raises(NoResultError) as waits:  # Kafka has it, and nobody decides
                await client.enroll_learner(enrol(api), key="e-1", wait=1)
            assert waits.value.command_id == "e-1"
    gone = asyncio.Event()

    async def sleep(_: float) -> None:
        gone.set()  # the client has met nobody, and will ask again
        await asyncio.sleep(0.2)

    patient = Retries(attempts=100, patience=600.0)
    async with AsyncClient(where, token, retries=patient, sleep=sleep) as client:
        asked = asyncio.create_task(client.enroll_learner(enrol(api), key="e-1"))
        await gone.wait()
        chosen = settings(embedded_kafka, database_url, topic_prefix, api_port=int(port))
        async with parts(chosen, "api", "command-worker"):
            assert (await asked).command_id == "e-1"
        pool = await open_pool(database_url)
        count = "select count(*) from stored_events where topic like '%learner_enrolled%'"
        assert await pool.fetchval(count) == 1
        await pool.close()
