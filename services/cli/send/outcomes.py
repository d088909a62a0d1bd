"""What became of each line."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from services.cli.send.lines import BadLine
from services.cli.send.outgoing import Outgoing

Kind = Literal["accepted", "rejected", "previewed", "sent", "not_sent", "no_result"]


class Outcome(NamedTuple):
    """``sent``: no result is awaited; ``not_sent``: the line is wrong; ``result`` as it came.

    ``code`` of what was previewed is that of the rejection that it would get.
    """

    line: int
    kind: Kind
    type: str | None = None
    id: str | None = None
    learner: str | None = None
    course: str | None = None
    code: str | None = None
    message: str | None = None
    result: Mapping[str, Any] | None = None


def sent(outgoing: Outgoing) -> Outcome:
    """Kafka has it."""
    return Outcome(outgoing.line, "sent", outgoing.type, outgoing.id)


def wrong(line: BadLine) -> Outcome:
    """It cannot be sent."""
    return Outcome(line.line, "not_sent", message=line.problem)


def unanswered(outgoing: Outgoing, seconds: float) -> Outcome:
    """No result came in time."""
    message = f"No result came within {seconds:g} s; see `coursemark doctor`, then send it again."
    return _of_command(outgoing, "no_result")._replace(message=message)


def answered(outgoing: Outgoing, result: Mapping[str, Any]) -> Outcome:
    """Its result came."""
    outcome = _of_command(outgoing, result["outcome"])
    return outcome._replace(code=result.get("code"), message=result.get("message"), result=result)


def _of_command(outgoing: Outgoing, kind: Kind) -> Outcome:
    command = outgoing.command
    if command is None:
        raise ValueError(f"no result is awaited for a {outgoing.type}")
    learner, course = getattr(command, "learner", None), getattr(command, "course", None)
    return Outcome(outgoing.line, kind, outgoing.type, outgoing.id, learner, course)
