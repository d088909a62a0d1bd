"""Operations: each row asked for once, done once, counted once, and nothing after the end (B6)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Any

from contracts import topics
from contracts.topics import operation_key
from tests.support.oracle.of_kafka import header
from tests.support.oracle.operations import FINAL, command_ids, key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tests.support.oracle.evidence import Evidence
    from tests.support.oracle.operations import Fields, Key, Operations

Row = tuple[Any, ...]
"""Learner, course, activity, completed."""
NOTHING_TO_DO = {
    "already_complete",
    "already_enrolled",
    "nothing_to_reset",
    "nothing_to_undo",
    "already_undone",
}


def rows_are_those_asked_for(evidence: Evidence) -> Iterator[str]:
    """Once validated, an operation has a row for each learner in each course, and each once."""
    stored = evidence.stored.operations
    for key, operation in stored.operations.items():
        if operation["total"] is None:
            continue
        rows = Counter(
            _row(row) for it in stored.chunks[key] if not it["try"] for row in it["rows"]
        )
        if twice := [row for row, times in rows.items() if times > 1]:
            yield f"{key} has rows twice: {twice[:3]}"
        wanted, others = _asked_for(stored, operation, rows.keys())
        if wanted != rows.keys():
            yield f"{key} has not the rows asked for: {sorted(map(str, wanted ^ rows.keys()))[:3]}"
        if operation["total"] != len(wanted) + others:
            yield f"{key} counts {operation['total']} rows of {len(wanted)} and {others} others"


def rows_are_counted_once(evidence: Evidence) -> Iterator[str]:
    """A chunk's counts are what its rows' commands were answered; together they are the total."""
    stored = evidence.stored.operations
    for key, operation in stored.operations.items():
        chunks = stored.chunks[key]
        if operation["total"] not in {None, sum(it["size"] for it in chunks)}:
            yield f"{key} has chunks of {sum(it['size'] for it in chunks)} rows in all"
        last = max((it["try"] for it in chunks), default=0)
        for chunk in chunks:
            if chunk["done"] is None:
                if operation["state"].startswith("completed"):
                    yield f"{key} has ended without its chunk {chunk['chunk']}"
                continue
            counts = chunk["done"], chunk["skipped"], chunk["failed"]
            if chunk["size"] != _sum(counts):
                yield f"{key} counts {counts} in chunk {chunk['chunk']} of {chunk['size']} rows"
            if chunk["chunk"] and not operation["dry_run"]:
                answered = _answered(evidence, operation, chunk, retried=chunk["try"] < last)
                if answered != counts:
                    yield f"{key} counts {counts} in chunk {chunk['chunk']}, answers say {answered}"
        yield from _told_rows(stored, key, operation, chunks)


def operations_did_what_they_count(evidence: Evidence) -> Iterator[str]:
    """The log has no event of an operation but by a row that it counts; a preview leads to none."""
    stored, receipts = evidence.stored.operations, evidence.stored.receipts
    counted: dict[Key, set[str]] = defaultdict(set)
    for key, chunk, id_ in stored.command_ids():
        operation = stored.operations[key]
        carried_out = (key[0], id_) in receipts
        if carried_out and operation["dry_run"]:
            yield f"the preview {key} carried out {id_}"
        if chunk["done"] is not None:
            counted[key].add(id_)
        elif carried_out and operation["state"] in FINAL:
            yield f"{key} is {operation['state']} and carried out {id_}, which it does not count"
    for key, body in _events(evidence):
        if key not in stored.operations:
            yield f"an event is of the operation {key}, which is not there"
        elif body["command_id"] not in counted[key] and stored.operations[key]["state"] in FINAL:
            yield f"{key} does not count the command {body['command_id']}, which led to an event"


def ended_operations_rest(evidence: Evidence) -> Iterator[str]:
    """Nothing is recorded for an operation after its end, a cancelled one above all."""
    for key, body in _events(evidence):
        operation = evidence.stored.operations.operations.get(key, {})
        if operation.get("state") not in FINAL:
            continue
        ended = datetime.fromisoformat(operation["ended_at"])
        if (recorded := datetime.fromisoformat(body["recorded_at"])) > ended:
            yield f"{key} is {operation['state']} since {ended} and did something at {recorded}"


def operations_are_reported(evidence: Evidence) -> Iterator[str]:
    """The last report of each key is the tables' state; revisions never fall."""
    stored = evidence.stored.operations
    last: dict[str, Fields] = {}
    for record in evidence.delivered[topics.OPERATIONS]:
        key, body = (record.key or b"").decode(), json.loads(record.value or b"")
        if last.get(key, body)["revision"] > body["revision"]:
            yield f"{key} is reported at {body['revision']} after {last[key]['revision']}"
        last[key] = body
    for key, operation in stored.operations.items():
        said = last.pop(operation_key(*key), None)
        if said is None:
            yield f"{key} was never reported"
        elif (told := _standing(said)) != (stands := _stands(stored, operation)):
            yield f"the last report of {key} says {told}, the tables have {stands}"
    for unknown in last:
        yield f"{unknown} is reported and is not there"


def orders_are_obeyed(evidence: Evidence) -> Iterator[str]:
    """A part that was accepted is there; what was cancelled stays so; who approved is named."""
    stored = evidence.stored.operations
    for command in _accepted(evidence):
        key = key_of(command)
        operation = stored.operations.get(key)
        if operation is None:
            yield f"a command about {key} was accepted, which is not there"
            continue
        match command.get("action"):
            case None:
                part = command.get("part", 1)
                bodies = [it["body"] for it in stored.parts[key] if it["part"] == part]
                if bodies != [command] and operation["state"] != "cancelled":
                    yield f"part {part} of {key} was accepted and is not there"
            case "cancel" if operation["state"] != "cancelled":
                yield f"{key} was cancelled and is {operation['state']}"
            case "approve" if operation["approved_by"] != command["actor"]:
                yield f"{command['actor']} approved {key}, {operation['approved_by']} is named"


def _row(row: Fields) -> Row:
    return row["learner"], row["course"], row.get("activity"), row.get("completed", True)


def _asked_for(
    stored: Operations, operation: Fields, found: Collection[Row]
) -> tuple[set[Row], int]:
    """The rows to be, and how many more there are that are only counted."""
    template = operation["template"]
    bodies = [it["body"] for it in stored.parts[key_of(operation)]]
    if operation["kind"] == "undo":
        return _undone(stored, (operation["school"], operation["undoes"])), 0
    if operation["kind"] == "import":
        return _imported([row for body in bodies for row in body["rows"]])
    named = [learner for body in bodies for learner in body.get("learners") or ()]
    courses = set(template.get("courses") or ()) | {template.get("course")} - {None}
    if template.get("programs"):  # their courses are those of the moment it was validated
        courses |= {course for _, course, *_ in found}
    pairs = product(set(named), courses)
    again = len(named) - len(set(named))
    return {(learner, course, None, True) for learner, course in pairs}, again


def _undone(stored: Operations, key: Key) -> set[Row]:
    """Whom the operation knew, in each course."""
    unknown = {
        (it["row"], it["place"]) for it in stored.rows[key] if it["code"] == "unknown_learner"
    }
    rows = [row for it in stored.chunks[key] for row in it["rows"]]
    return {
        (row["learner"], row["course"], None, True)
        for row in rows
        if (row["row"], row.get("place") or 0) not in unknown
    }


def _imported(lines: list[Fields]) -> tuple[set[Row], int]:
    """Lines that say the same are one row; those that contradict one another are none."""
    said: dict[Row, list[str]] = defaultdict(list)
    for line in lines:
        content = {name: value for name, value in line.items() if name != "line"}
        said[_row(line)].append(json.dumps(content, sort_keys=True))
    wanted = {row for row, contents in said.items() if len(set(contents)) == 1}
    return wanted, len(lines) - len(wanted)


def _answered(
    evidence: Evidence, operation: Fields, chunk: Fields, *, retried: bool
) -> tuple[int, dict[str, int], dict[str, int]]:
    """Done, skipped and failed rows, by the receipts; failed ones that are retried count there."""
    done, skipped, failed = 0, Counter[str](), Counter[str]()
    for row in chunk["rows"]:
        keys = [(operation["school"], it) for it in command_ids(operation, chunk, row)]
        receipts = [evidence.stored.receipts.get(key) for key in keys]
        codes = ["missing" if it is None else json.loads(it.result).get("code") for it in receipts]
        refused = [it for it in codes if it is not None and it not in NOTHING_TO_DO]
        if refused:
            failed[refused[0]] += 1
        elif None in codes:
            done += 1
        else:
            skipped[codes[-1] if codes else "nothing_asked"] += 1
    return done, dict(skipped), {} if retried else dict(failed)


def _told_rows(
    stored: Operations, key: Key, operation: Fields, chunks: Sequence[Fields]
) -> Iterator[str]:
    """Rows that are kept because they were skipped or failed are as many as the counts say."""
    if operation["dry_run"]:
        return
    kept = Counter((it["outcome"], it["code"]) for it in stored.rows[key])
    counts = Counter[tuple[str, str]]()
    for chunk in chunks:
        for outcome in ("skipped", "failed"):
            counts.update({(outcome, code): n for code, n in chunk[outcome].items()})
    if kept != counts:
        yield f"{key} keeps the rows {dict(kept)} and counts {dict(counts)}"


def _events(evidence: Evidence) -> Iterator[tuple[Key, Fields]]:
    """Events of learners in courses that belong to an operation."""
    for event in evidence.stored.events:
        if "~" not in event.originator_id:
            body = json.loads(event.state)
            if body.get("batch_id") is not None:
                yield (body["school"], body["batch_id"]), body


def _accepted(evidence: Evidence) -> Iterator[Fields]:
    """Commands about operations, as they came, that were accepted."""
    accepted = {
        (body["school"], body["command_id"])
        for record in evidence.delivered[topics.RESULTS]
        if (body := json.loads(record.value or b"")).get("operation") is not None
        and body["outcome"] == "accepted"
    }
    came: dict[Key, Fields] = {}
    for record in evidence.delivered[topics.COMMANDS]:
        school = (record.key or b"").decode(errors="replace").partition("/")[0]
        if (key := (school, header(record, "ce_id"))) in accepted:
            came.setdefault(key, json.loads(record.value or b""))
    yield from came.values()


def _sum(counts: tuple[int, dict[str, int], dict[str, int]]) -> int:
    done, skipped, failed = counts
    return done + sum(skipped.values()) + sum(failed.values())


def _standing(said: Fields) -> Fields:
    names = ("state", "dry_run", "revision", "total", "done", "pause_reason", "approved_by")
    return {it: said.get(it) for it in (*names, "undone_by", "skipped", "failed")}


def _stands(stored: Operations, operation: Fields) -> Fields:
    chunks = stored.chunks[key_of(operation)]
    counts: Fields = {"done": sum(it["done"] or 0 for it in chunks)}
    for name in ("skipped", "failed"):
        counts[name] = dict(sum((Counter(it[name]) for it in chunks), Counter()))
    return _standing({**operation, **counts})
