"""Each learning programme is awarded as a plain fold of the log says, and once (B12)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from contracts.topics import PROGRAMS, Stream
from tests.support.plain_programs import Completes, Model, Publishes, Resets, Restates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.store.records import FollowedEvent
    from tests.support.oracle.evidence import Evidence
    from tests.support.plain_programs import Step


def programs_are_awarded(evidence: Evidence) -> Iterator[str]:
    """Whoever completed all its required courses at one time has it, for that cause; nobody else.

    What follows late is judged too: a follower at the log's end has looked at everything.
    """
    models: dict[str, Model] = defaultdict(Model)
    awarded: Counter[tuple[str, ...]] = Counter()
    for event in evidence.stored.events:
        body: dict[str, Any] = json.loads(event.state)
        if Stream.parse(event.originator_id).course == PROGRAMS:
            awarded[body["school"], body["learner"], body["program"], body["cause"]] += 1
        elif (step := _step(event, body)) is not None:
            models[body["school"]].take(step)
    wanted = {(school, *award) for school, model in models.items() for award in model.awards}
    for award in wanted - awarded.keys():
        yield f"the programme {award} was not awarded"
    for award, times in awarded.items():
        if award not in wanted:
            yield f"the programme {award} was awarded, which the log does not say"
        if times > 1:
            yield f"the programme {award} was awarded {times} times"


def _step(event: FollowedEvent, body: dict[str, Any]) -> Step | None:
    match event.topic.split(".")[-2]:
        case "course_completed":
            return Completes(body["learner"], body["course"])
        case "progress_reset":
            reopens = body["reopens_course"] or body.get("activities") is None
            return Resets(body["learner"], body["course"], reopens)
        case "completion_revoked" | "reset_revoked" | "enrolment_revoked":
            complete = body.get("completion") is not None
            return Restates(body["learner"], body["course"], complete, body["completions"])
        case "learning_program_published":
            courses = body["structure"]["courses"]
            required = frozenset(it["course"] for it in courses if it.get("required", True))
            return Publishes(body["program"], required)
        case _:
            return None
