"""What R3 names, each by the command that anybody would ask it with; and beside it what R2 asks.

An answer is told in as few words as leave nothing out: two that differ are told differently.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from benchmarks.r3.school import COURSE, TAG

NOT_HELD = "the platform's own: Coursemark holds none"
JUNE = ("--completed-between", "2024-06-01", "2024-06-30")


class Thing(NamedTuple):
    """``ask``: the command's words, none where Coursemark has nothing to be asked.

    ``kept``: a reset must not touch it (R3, R4); else it must change it (R2).
    """

    rule: str
    name: str
    ask: tuple[str, ...]
    tell: Callable[[Any], str]
    kept: bool = True


def things(school: str) -> list[Thing]:
    """All of them, in the rule's own order."""
    return [*_reports(school), *_search(school), *_insights(school), *_elsewhere(), *_now(school)]


def _reports(school: str) -> list[Thing]:
    completed = ("--kinds", "activity_completed,course_completed")
    by = ("--by", "day,provenance,administrator")
    time = ("reports", "time", school, "--by")
    return [
        *(
            Thing("R3", f"reports: time ever spent, by {by_}", (*time, by_), _lines)
            for by_ in ("learner", "course", "activity", "month")
        ),
        Thing("R3", "reports: completions", ("reports", "counts", school, *completed, *by), _lines),
    ]


def _search(school: str) -> list[Thing]:
    search = ("search", school, "--course", COURSE)
    return [
        Thing("R3", "advanced search: completed in June 2024", (*search, *JUNE), _completions),
        Thing("R3", "user tags of Ana", ("show", school, "ana"), _tags),
        Thing("R3", f"user tags: who is tagged {TAG}", ("search", school, "--tag", TAG), _learners),
    ]


def _insights(school: str) -> list[Thing]:
    ask = ("reports",)
    scores = (*ask, "scores", school, "--of")
    return [
        Thing("R3", "course insights: funnel", (*ask, "funnel", school), _lines),
        Thing(
            "R3", "course insights: by activity", (*ask, "funnel", school, "--activities"), _lines
        ),
        *(
            Thing("R3", f"course insights: scores of {of}", (*scores, of), _scores)
            for of in ("course", "activity", "submission")
        ),
        Thing("R3", "course insights: days to completion", (*ask, "days", school), _days),
    ]


def _elsewhere() -> list[Thing]:
    return [Thing("R3", name, (), lambda _: NOT_HELD) for name in ("notes", "posts")]


def _now(school: str) -> list[Thing]:
    card = ("show", school, "ana", "--course", COURSE)
    return [
        Thing("R2", "Ana's progress", card, _progress, kept=False),
        Thing("R2", "where learners stand", ("reports", "standing", school), _lines, kept=False),
        Thing("R4", "Ana's earlier attempts", card, _attempts, kept=False),
    ]


def _lines(answer: Sequence[dict[str, Any]]) -> str:
    return "; ".join(
        " ".join(str(value) for value in line.values() if value != "") for line in answer
    )


def _learners(answer: Any) -> str:
    return ", ".join(found["learner"] for found in answer["found"])


def _completions(answer: Any) -> str:
    return ", ".join(
        f"{found['learner']} on {it['completed_at'][:10]} (attempt {it['attempt']})"
        for found in answer["found"]
        for record in found["records"]
        for it in record["completions"]
    )


def _tags(card: dict[str, Any]) -> str:
    return ", ".join(card["person"]["tags"])


def _scores(answer: Sequence[dict[str, Any]]) -> str:
    number = sum(line["number"] for line in answer)
    mean = sum(line["millionths"] for line in answer) / number / 1_000_000
    buckets = ", ".join(f"{line['bucket']}+: {line['number']}" for line in answer)
    return f"{number} scores, mean {mean:.4f} ({buckets})"


def _days(answer: Sequence[dict[str, Any]]) -> str:
    return "; ".join(f"{it['attempts']} attempts, median {it['median']}" for it in answer)


def _progress(card: dict[str, Any]) -> str:
    [it] = card["courses"]
    return (
        f"attempt {it['attempt']}: {it['status']}, {it['progress_rate']:g} %, "
        f"score {it['average_score']}, {it['time_spent']} s"
    )


def _attempts(card: dict[str, Any]) -> str:
    [course] = card["courses"]
    return (
        "; ".join(
            f"{it['attempt']}: {it['status']}, score {it['average_score']}, {it['time_spent']} s"
            for it in course["attempts"]
        )
        or "none"
    )
