"""A warning of recertification, as Zapier polls it (B12, B11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.topics import recertification_stream
from services.store.log import EventLog
from tests.support.appended import Appender
from tests.support.recertifying import announced
from tests.support.school import COURSE, LEARNER, SCHOOL

if TYPE_CHECKING:
    from tests.integration.zapier.conftest import Side

HOOK = {"target_url": "https://hooks.zapier.com/hooks/1/", "trigger": "recertification_due"}


async def test_b12_a_zap_can_begin_with_a_completion_that_falls_due(side: Side) -> None:
    token = await side.token()
    assert (await side.ask("POST", "/zapier/hooks", token, json=HOOK))[0] == 201
    appender = Appender(EventLog(side.pool))
    await appender.append([(recertification_stream(SCHOOL, LEARNER), announced())])
    await appender.append([(recertification_stream("hill", LEARNER), announced(school="hill"))])
    await side.views()
    status, [zap] = await side.ask("GET", "/zapier/triggers/recertification_due", token)
    assert (status, zap["user_id"], zap["course_id"]) == (200, LEARNER, COURSE)
    assert (zap["due_at"], zap["attempt"]) == ("2024-06-01T00:00:00Z", 2)
    assert zap["event_id"] == f"{SCHOOL}/{LEARNER}/~recertification@1"
