"""Promise (M5, B10): a rebuild of a view sends nothing, whatever else is under way.

The long run, with each part in a process of its own, is ``make rebuilds``.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from contracts import topics
from projections.registry import PROJECTIONS
from services.runtime.bus.client import connection
from tests.faults.rebuilds import Load, failures, rebuild_all
from tests.support.stack import parts, settings

if TYPE_CHECKING:
    from pathlib import Path

LOAD = Load(rate=100, first=200, seconds=0)


async def test_each_view_is_rebuilt_under_load_and_no_message_comes_again(
    embedded_kafka: str, database_url: str, topic_prefix: str, tmp_path: Path
) -> None:
    """Each check is clean, and the oracle holds afterwards."""
    chosen = settings(embedded_kafka, database_url, topic_prefix, mail_folder=tmp_path)
    cluster = connection(chosen, embedded_kafka)
    async with parts(chosen):
        outcome = await rebuild_all(database_url, cluster, random.Random(1), LOAD)
    assert [it.view for it in outcome.rebuilt] == [it.name for it in PROJECTIONS]
    assert failures(outcome) == []
    assert sum(it.commands for it in outcome.rebuilt) > 0
    assert outcome.sent()[topics.WEBHOOKS][0] > 100

    # Had the first webhook come again at the end, it would have been found.
    webhooks = outcome.records[topics.WEBHOOKS]
    again = replace(webhooks[0], offset=2**40)
    broken = outcome._replace(records={**outcome.records, topics.WEBHOOKS: [*webhooks, again]})
    assert failures(broken) == [
        *(f"{it.name}: 1 messages came again" for it in PROJECTIONS),
        f"{topics.WEBHOOKS}: 1 messages came twice",
    ]
