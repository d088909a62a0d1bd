"""Commands, results, messages and cards as lines of text."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from contracts.catalog import CourseStructure, LearningProgram
from contracts.operations import OperationReported
from services.cli.demo.script import Ask, Call
from services.cli.operations.bars import behind
from services.cli.show.words import MANUALLY, duration, points
from services.runtime.bus.outbox import Message
from services.runtime.bus.record import Record
from services.views.cards.card import ActivityCard, CourseCard

WIDTH = 78
"""Characters of a line of prose, on whatever terminal."""
_WHOSE = ("school", "learner", "course")
_OPERATION = ("school", "operation")
BAR = 24
"""Characters."""
_LISTED = 4
"""Members of a list that are shown; of more, the first and the last."""


def command(ask: Ask) -> Text:
    """Whose, and every other field as it was sent."""
    words = Text(place(ask.data), style="bold")
    whose = _OPERATION if "operation" in ask.data else _WHOSE
    rest = {name: value for name, value in ask.data.items() if name not in whose}
    for name, value in _flat(rest):
        words.append(f"  {name}=", style="not bold dim").append(value, style="not bold not dim")
    if ask.id != ask.name:
        words.append(f"  (id {ask.id} again)", style="not bold cyan")
    return words


def request(call: Call) -> Text:
    """Where, in whose name, under which key."""
    words = Text(call.path, style="bold")
    fields = {"as": f"{call.school}/{call.actor}"} | ({"key": call.key} if call.key else {})
    for name, value in {**fields, **dict(_flat(call.body or {}))}.items():
        words.append(f"  {name}=", style="not bold dim").append(value, style="not bold not dim")
    return words


def answer(body: Mapping[str, Any]) -> str:
    """A result, or a problem; of a learner's courses how each stands."""
    if "courses" in body:
        return ", ".join(f"{it['course']} {it['status']}" for it in body["courses"])
    return f"{body['code']}: {body['detail']}" if "detail" in body else what_came(body)


def place(data: Mapping[str, Any]) -> str:
    """``school/learner/course``, or ``school/operation``."""
    whose = _OPERATION if "operation" in data else _WHOSE
    return "/".join(str(data[name]) for name in whose)


def what_came(result: Mapping[str, Any]) -> str:
    """The events of what was accepted and what was skipped; the sentence of a refusal."""
    if result["outcome"] != "accepted":
        return str(result["message"])
    if result.get("operation") is not None:
        return "the operation will report what comes of it"
    return ", ".join(_events(result)) or "no event: it stands as it stood"


def structure(it: CourseStructure) -> str:
    """A course structure in a line."""
    activities = list(it.activities())
    required = sum(activity.required for activity in activities)
    return (
        f"{it.school}/{it.course} version {it.version}: {len(activities)} activities, "
        f"{required} required, {it.access.replace('_', ' ')}"
    )


def program(it: LearningProgram) -> str:
    """A learning programme in a line."""
    courses = ", ".join(course.course for course in it.courses)
    return f"{it.school}/{it.program} version {it.version}: {courses}"


def award(data: Mapping[str, Any]) -> str:
    """Who has completed which learning programme."""
    label = f", {MANUALLY}" if data["manually_completed"] else ""
    return f"{data['learner']} has completed the learning programme {data['program']}{label}"


def wire(message: Message | Record) -> str:
    """Key, headers and body of a message as Kafka has it."""
    lines = [f"key     {_text(message.key)}"]
    lines += [f"header  {name}: {_text(value)}" for name, value in message.headers]
    body = json.dumps(json.loads(message.value or b"null"), ensure_ascii=False)
    lines += textwrap.wrap(f"value   {body}", WIDTH - 6, subsequent_indent=" " * 8)
    return "\n".join(f"      {line}" for line in lines)


def brief(card: CourseCard, name: str) -> Text:
    """A card in two lines: the course, and its activities."""
    line = card.line
    text = Text(f"{name}  {line.course}", style="bold")
    text.append(f"  {line.progress_rate:g} %  {line.status.replace('_', ' ')}", style="not bold")
    if line.manually_completed:
        text.append(f"  {MANUALLY}", style="not bold magenta")
    figures = [
        f"attempt {line.attempt}" if line.attempt > 1 else "",
        f"average {line.average_score:.2f}" if line.average_score is not None else "",
        f"time {duration(line.time_spent)}" if line.time_spent else "",
    ]
    if card.due is not None:
        figures.append(f"{card.due.word} {card.due.at:%Y-%m-%d}")
    text.append("".join(f" · {it}" for it in figures if it), style="not bold dim").append("\n")
    for it in card.activities:
        text.append_text(_activity(it))
    return text


def progress(report: OperationReported) -> Text:
    """A bar, and how many rows an operation is through with."""
    if report.total is None:
        return Text("")
    full = BAR * behind(report) // max(1, report.total)
    text = Text("━" * full, "cyan").append("·" * (BAR - full), "dim")
    return text.append(f"  {behind(report):,} of {report.total:,} rows", "default")


def counts(report: OperationReported) -> str:
    """Rows by what became of them, or would."""
    told = [f"{report.done:,} {'would be ' if report.dry_run else ''}done"]
    told += [f"{count:,} skipped: {code}" for code, count in sorted(report.skipped.items())]
    told += [f"{count:,} refused: {code}" for code, count in sorted(report.failed.items())]
    return ", ".join(told)


def _activity(card: ActivityCard) -> Text:
    line = card.line
    if line is None or line.provenance is None:
        return Text(f"{'✗' if card.locked else '○'} {card.activity}   ", style="not bold dim")
    text = Text(f"✓ {card.activity}", style="not bold green")
    if line.score is not None:
        text.append(f" {points(line.score)}")
    if line.provenance != "earned":
        label = MANUALLY if line.manually_completed else line.provenance
        text.append(f" {label}", style="magenta")
    return text.append(" (locked)   " if card.locked else "   ", style="dim")


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Fields and values as text, those of a nested object with a dot."""
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield prefix + name, _members(value)
        elif isinstance(value, str) and " " not in value:
            yield prefix + name, value
        else:
            yield prefix + name, json.dumps(value)


def _members(several: Sequence[Any]) -> str:
    if any(isinstance(it, Mapping) for it in several):
        return f"{len(several):,}"
    if len(several) > _LISTED:
        return f"{several[0]},…,{several[-1]} ({len(several):,})"
    return ",".join(map(str, several))


def _events(result: Mapping[str, Any]) -> Iterator[str]:
    for event in result["events"]:
        name = event["type"].split(".")[2]
        yield f"{name} {event['activity']}" if "activity" in event else name
    for skipped in result["skipped"]:
        yield f"{skipped['activity']} skipped: {skipped['code']}"


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "replace")
