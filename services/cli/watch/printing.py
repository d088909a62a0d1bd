"""An event as a line."""

from typing import Any

import orjson
from rich.text import Text

from contracts.envelope import EnvelopeError, parse_object, read
from services.cli.output import console, write_json
from services.runtime.bus.record import Record

_STYLES = {
    "activity_completed": "green",
    "course_completed": "bold green",
    "progress_reset": "yellow",
    "learner_unenrolled": "yellow",
}


def for_program(record: Record) -> None:
    """The event's attributes and data as one JSON object."""
    try:
        envelope = read(record.value, record.headers)
        data = orjson.loads(envelope.data)
    except (EnvelopeError, ValueError) as error:
        write_json({"unreadable": str(error), **_place(record)})
        return
    write_json(
        {
            "id": envelope.id,
            "type": envelope.type,
            "time": envelope.time,
            "subject": envelope.subject,
            "data": data,
        }
    )


def for_person(record: Record) -> None:
    """When, whose, what, and the label."""
    try:
        envelope = read(record.value, record.headers)
        data = parse_object(envelope.data)
    except EnvelopeError as error:
        console().print(Text(f"unreadable: {error}", style="red"))
        return
    name = envelope.type.split(".")[2] if envelope.type.count(".") > 1 else envelope.type
    line = Text(f"{(envelope.time or '')[11:19]:<8}  ", style="dim")
    line.append(f"{envelope.subject or '':<40}  ", style="not dim")
    line.append(name.replace("_", " "), style=f"not dim {_STYLES.get(name, '')}")
    line.append(_rest(data), style="not dim")
    if data.get("manually_completed"):
        line.append("  Manually", style="not dim magenta")
    console().print(line)


def _rest(data: dict[str, Any]) -> str:
    """What the event is about, as far as it says so."""
    activities = data.get("activities") or ()
    score, seconds, version = (data.get(name) for name in ("score", "seconds", "structure_version"))
    parts = [data.get("activity"), *activities]
    parts += ["" if score is None else f"{score:g} points", f"{seconds} s" if seconds else ""]
    parts += ["" if "structure" not in data else f"version {version}"]
    parts += [f"by {data['actor']}" if data.get("actor") else "", data.get("reason")]
    return "".join(f"  {part}" for part in parts if part)


def _place(record: Record) -> dict[str, Any]:
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset}
