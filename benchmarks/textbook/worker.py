"""A FastStream subscriber, one message at a time, into the library's application.

The same bytes on the same kind of topic as ours. After each command one message goes out, and
the offset is committed: FastStream's at-least-once way. Its default, which commits by a timer
and may lose what was in hand, is measured too (`ack_first`).
"""

import uvloop
from faststream import AckPolicy, FastStream, Header
from faststream.kafka import KafkaBroker
from pydantic import BaseModel

from benchmarks.textbook.domain import Enrolments
from benchmarks.textbook.settings import Settings


class Signal(BaseModel):
    kind: str
    score: float = 0.0


class Command(BaseModel):
    """The fields of a command that the aggregate needs; FastStream decodes and validates it."""

    school: str
    learner: str
    course: str
    actor: str = ""
    activity: str = ""
    signal: Signal | None = None


class Done(BaseModel):
    command_id: str
    events: int


def carry_out(application: Enrolments, kind: str, command: Command) -> int:
    key = (command.school, command.learner, command.course)
    match kind:
        case "coursemark.commands.enroll_learner.v1":
            return application.enroll(*key)
        case "coursemark.commands.record_activity.v1" if command.signal:
            return application.submit(key, command.activity, command.signal.score)
        case "coursemark.commands.mark_complete.v1":
            return application.mark_complete(key, command.actor)
        case _:
            raise ValueError(kind)


def build(settings: Settings) -> FastStream:
    application = Enrolments()
    # Without a logger: two lines a message would only slow it down.
    broker = KafkaBroker(settings.kafka, logger=None)

    @broker.subscriber(
        settings.commands,
        group_id=settings.group,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy(settings.ack_policy),
    )
    @broker.publisher(settings.events)
    async def handle(
        command: Command,
        kind: str = Header("ce_type"),
        command_id: str = Header("ce_id"),
    ) -> Done:
        return Done(command_id=command_id, events=carry_out(application, kind, command))

    return FastStream(broker, logger=None, on_shutdown=[application.close])


def main() -> None:
    app = build(Settings())
    uvloop.run(app.run())  # as the command `faststream run` does where uvloop is installed
