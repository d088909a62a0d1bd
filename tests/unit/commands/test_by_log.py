"""A school lives whole in one log, and no transaction spans two (architecture.md)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from contracts import registry
from contracts.commands import EnrollLearner
from services.commands import by_log
from services.commands.answers import Answer
from services.commands.by_log import ByLog
from services.commands.incoming import Incoming

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

ARRIVED = datetime(2026, 1, 1, tzinfo=UTC)
TYPE = registry.name_of(EnrollLearner)


class Remembers:
    """Carries out nothing and remembers what it was handed."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    async def handle(self, batch: Sequence[Incoming]) -> list[Answer]:
        self.batches.append([incoming.command_id for incoming in batch])
        return [Answer(TYPE, incoming.command_id.encode(), "") for incoming in batch]


def enrol(school: str, command_id: str) -> Incoming:
    command = EnrollLearner(school=school, learner="u-1", course="biology")
    return Incoming(b"", command_id, TYPE, command, b"", ARRIVED)


async def test_each_log_gets_its_schools_in_order_and_answers_keep_the_batch_s_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(by_log, "log_of", {"north": "one", "south": "two", "west": "one"}.get)
    one, two = Remembers(), Remembers()
    batch = [enrol(school, str(n)) for n, school in enumerate(("north", "south", "west", "north"))]
    answers = await ByLog({"one": one, "two": two}).handle(batch)
    assert [answer.body for answer in answers] == [b"0", b"1", b"2", b"3"]
    assert (one.batches, two.batches) == ([["0", "2", "3"]], [["1"]])
