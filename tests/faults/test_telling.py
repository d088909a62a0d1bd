"""What is said of receivers that did not get what they had to: each clause, broken once (B11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts import topics
from tests.faults.telling import Got, faults_of
from tests.integration.webhooks.conftest import on_kafka, webhook
from tests.support.oracle.evidence import Evidence
from tests.support.records import received

if TYPE_CHECKING:
    from collections.abc import Sequence

MINE = [("ada", "msg_1"), ("ada", "msg_2")]


def judged(got: Sequence[tuple[str, str]]) -> list[str]:
    records: Any = [received(on_kafka(webhook(number))) for number in (1, 2, 1)]
    delivered = {topics.WEBHOOKS: records, topics.ZAPIER: []}
    evidence = Evidence(None, delivered)  # type: ignore[arg-type]  # what is stored is not asked
    return faults_of(Got({("riverside", "any"): MINE, ("riverside", "ordered"): got}), evidence)


def test_twice_is_well_and_so_is_the_first_order() -> None:
    assert judged([*MINE, MINE[0]]) == []


def test_what_never_came_came_from_nowhere_or_overtook_is_found() -> None:
    assert judged(MINE[:1])[0].endswith("never got ('ada', 'msg_2')")
    assert judged([*MINE, ("ada", "msg_3")])[0].endswith("('ada', 'msg_3'), which nobody sent")
    assert judged(MINE[::-1])[0].startswith("riverside/ordered got ['msg_2', 'msg_1'] of ada")
