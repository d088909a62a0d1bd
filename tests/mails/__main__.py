"""``python -m tests.mails``: e-mails by attempt, on a real stack and a real mail server.

Ten learners are completed, some with the e-mail and some without, reset, and completed again;
then every view is rebuilt and every feed set back. Exit code 1 where the server's own count is
not what the commands asked for.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import uvloop
from pydantic import SecretStr

from benchmarks.oulad.stack import Deaths, running
from services.runtime.settings import Settings
from tests.mails.story import Told, tell
from tests.support.mail import MailServer, mail_server

LEARNERS = 10


async def see(folder: Path, server: MailServer) -> Told:
    """Start all of it and tell the story."""
    settings = Settings(
        _env_file=None,
        data=folder,
        partitions=4,
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security="none",
        mail_from="no-reply@mail.test",
        mail_per_second=100,
    )
    async with running(settings, Deaths()) as addresses:
        where = {"kafka": addresses.kafka, "database": SecretStr(addresses.database)}
        chosen = settings.model_copy(update=where | {"kafka_idempotence": "off"})
        return await tell(chosen, server, LEARNERS)


def show(told: Told) -> None:
    """The table."""
    for line in told.rebuilt:
        sys.stdout.write(f"{line}\n")
    before, after = told.notices
    sys.stdout.write(f"\nnotices on Kafka: {before} before that, {after} after it\n\n")
    heads = "learner", "attempt", "asked for", "sent", "sent in all, after the rebuilds"
    sys.stdout.write("{:<8} {:>7}  {:<9} {:>5}  {}\n".format(*heads))
    for it in told.lines:
        mark = "" if it.right else "  WRONG"
        asked = "yes" if it.asked else "no"
        sys.stdout.write(
            f"{it.learner:<8} {it.attempt:>7}  {asked:<9} {it.first:>5}  {it.at_last}{mark}\n"
        )
    asked, sent = sum(it.asked for it in told.lines), sum(it.at_last for it in told.lines)
    sys.stdout.write(f"\n{asked} e-mails asked for, {sent} taken by the mail server\n")


def main() -> None:
    """Print the table; exit code 1 where a line is wrong, or nothing came again."""
    with tempfile.TemporaryDirectory(prefix="coursemark-mails-") as folder, mail_server() as server:
        told = uvloop.run(see(Path(folder), server))
    show(told)
    before, after = told.notices
    if not all(it.right for it in told.lines) or after < 2 * before:
        sys.exit("What was sent is not what was asked for.")


if __name__ == "__main__":
    main()
