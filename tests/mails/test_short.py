"""The short run of ``make mails``: e-mails by attempt, whatever is rebuilt (M5)."""

from __future__ import annotations

from tests.mails.story import tell
from tests.support.mail import mail_server
from tests.support.stack import parts, settings


async def test_m5_a_rebuild_of_everything_sends_nothing(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    with mail_server() as server:
        chosen = settings(
            *(embedded_kafka, database_url, topic_prefix),
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_security="none",
            mail_from="no-reply@mail.test",
            mail_per_second=100,
        )
        names = "command-worker", "reference-data", "projector", "publisher", "mailer"
        async with parts(chosen, *names):
            told = await tell(chosen, server, 4)
    assert [it for it in told.lines if not it.right] == []
    assert sum(it.asked for it in told.lines) == 4
    before, after = told.notices
    assert (before, after) == (4, 8)  # the notices did come again
