"""What was foreseen and what happened, as the same counts. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from contracts.operations import OperationReported
from contracts.results import Effects
from services.domain.happenings import TYPES
from services.operations.reading import Row

Counts = Counter[str]
"""So many, by what they are."""

WEBHOOKS, ZAPS, EMAILS = "webhooks", "Zaps", "e-mails"
ON_WEBHOOKS, ON_ZAPIER = "messages on coursemark.webhooks.v1", "messages on coursemark.zapier.v1"
NOTICES = "notices on coursemark.notifications.v1"
LOCKED = "activities that stay locked"
DONE = "rows done"
ORDER = (
    *("rows done", "rows skipped", "rows failed", "events", "activities"),
    *(EMAILS, WEBHOOKS, ZAPS, "messages", "notices"),
)
"""How names begin, in the order in which counts are told."""
_TOLD = {it.split(".")[2] for it in TYPES}


def skipped(code: str) -> str:
    return f"rows skipped, {code}"


def failed(code: str) -> str:
    return f"rows failed, {code}"


def left(code: str) -> str:
    return f"activities left, {code}"


def event(kind: str) -> str:
    return f"events, {kind}"


def place(name: str) -> tuple[int, str]:
    """Where a count is told."""
    return next(at for at, begins in enumerate(ORDER) if name.startswith(begins)), name


def foreseen(report: OperationReported, effects: Effects, rows: Iterable[Row]) -> Counts:
    """Of an operation that was a dry run: its report, what would go out, and its rows."""
    counts = _outcomes(report.done, report.skipped, report.failed, effects.model_dump())
    for row in rows:
        for name, number in row.details.get("events", {}).items():
            counts[event(name.split(".")[2])] += number
        counts.update(left(it["code"]) for it in row.details.get("skipped", ()))
        counts[LOCKED] += len(row.details.get("locked", ()))
    return _with_messages(counts)


def of_command(report: Mapping[str, Any], rows: Iterable[Mapping[str, str]]) -> Counts:
    """The same of what ``coursemark preview`` wrote: its JSON, and its CSV."""
    counts = _outcomes(report["done"], report["skipped"], report["failed"], report["effects"])
    for row in rows:
        for change in _listed(row["changes"]):
            number, _, kind = change.partition(" ")
            counts[event(kind)] += int(number)
        counts.update(left(it.rpartition(": ")[2]) for it in _listed(row["left"]))
        counts[LOCKED] += len(_listed(row["stays_locked"]))
    return _with_messages(counts)


def _outcomes(
    done: int,
    skips: Mapping[str, int],
    failures: Mapping[str, int],
    effects: Mapping[str, int],
) -> Counts:
    return Counter(
        {
            DONE: done,
            **{skipped(code): number for code, number in skips.items()},
            **{failed(code): number for code, number in failures.items()},
            EMAILS: effects["emails"],
            WEBHOOKS: effects["webhooks"],
            ZAPS: effects["zaps"],
        }
    )


def _with_messages(counts: Counts) -> Counts:
    """On Kafka: a message for each event that means anything, a notice for each e-mail."""
    told = sum(counts[event(kind)] for kind in _TOLD)
    return counts + Counter({ON_WEBHOOKS: told, ON_ZAPIER: told, NOTICES: counts[EMAILS]})


def _listed(cell: str) -> list[str]:
    return cell.split(", ") if cell else []


def rows_of(results: Iterable[Mapping[str, Any]], harmless: Iterable[str]) -> Counts:
    """What became of each row, from the answers to its commands.

    A row is one command, and with the first of a learner in a course the enrolment before it.
    ``harmless``: codes that say that there was nothing to do.
    """
    counts: Counts = Counter()
    rows: defaultdict[tuple[str, str], list[list[Mapping[str, Any]]]] = defaultdict(list)
    for result in sorted(results, key=_is_enrolment):
        own = rows[result["learner"], result["course"]]
        if own and _is_enrolment(result):
            own[0].insert(0, result)
        else:
            own.append([result])
        counts.update(left(it["code"]) for it in result.get("skipped", ()))
    known = frozenset(harmless)
    counts.update(_became(row, known) for own in rows.values() for row in own)
    return counts


def _is_enrolment(result: Mapping[str, Any]) -> bool:
    return ".enroll_learner." in result["command_type"]


def _became(row: Iterable[Mapping[str, Any]], harmless: frozenset[str]) -> str:
    codes = [it.get("code") for it in row]
    wrong = [code for code in codes if code is not None and code not in harmless]
    if wrong:
        return failed(wrong[0])
    return DONE if None in codes else skipped(str(codes[-1]))
