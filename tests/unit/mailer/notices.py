"""Two notices for specs of the mailer."""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.notifications import CompletionNotice, EndpointDisabled

NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)
COMPLETED = CompletionNotice(
    school="riverside",
    learner="u-1",
    course="biology-1",
    attempt=1,
    event_id="riverside/u-1/biology-1@9",
    completed_at=NOON,
    manually_completed=False,
)
DISABLED = EndpointDisabled(school="riverside", endpoint="ep-1", cause="gone", disabled_at=NOON)
