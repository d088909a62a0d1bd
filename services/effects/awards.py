"""Which learning programmes would be completed by events that are not in the log (B12).

Decided by the code that awards them: the events are put behind the end of the log.
"""

from collections import ChainMap
from collections.abc import Collection, Iterator, Mapping, Sequence

from contracts.events import Event, LearningProgramCompleted
from contracts.topics import Stream
from services.domain.programs import Decisive, completes
from services.programs import reading
from services.programs.deciding import Awarded, Moment, Placed, Published, new_awards
from services.store.log import EventLog
from services.store.records import NewEvent, Position

Requiring = Mapping[tuple[str, str], tuple[Published, ...]]
"""The programmes that require a course, by school and course."""


async def awards(
    log: EventLog, would: Sequence[Sequence[Event]], *, together: bool
) -> list[list[LearningProgramCompleted]]:
    """What each command's events would complete, in order; a few queries for all of them.

    ``together``: each command comes after those before it; otherwise each comes alone.
    """
    none: list[list[LearningProgramCompleted]] = [[] for _ in would]
    schools = {it.school for events in would for it in events if completes(it)}
    if not schools:
        return none
    head = await log.head()
    requiring = await _requiring(log, schools, head)
    placed = list(_placed(would, head))
    moments = [list(_moments(events, requiring)) for events in placed]
    streams = {stream for own in moments for it in own for stream in it.streams}
    if not streams:
        return none
    courses = await reading.placed(log, streams, head)
    awarded = await reading.awarded(log, {it.awards for own in moments for it in own})
    behind = _Behind(dict(courses), awarded)
    return [
        behind.put(events, own, keep=together) for events, own in zip(placed, moments, strict=True)
    ]


class _Behind:
    """Learners' courses and programmes, as the log and what is put behind it have them."""

    def __init__(self, courses: dict[str, Sequence[Placed]], awarded: dict[str, Awarded]) -> None:
        self._courses = courses
        self._awarded = awarded

    def put(
        self, events: Sequence[Placed], moments: Sequence[Moment], *, keep: bool
    ) -> list[LearningProgramCompleted]:
        """What one command's events complete; ``keep`` leaves them to the commands after it."""
        after: dict[str, Sequence[Placed]] = {}
        for it in events:
            name = str(Stream(it.event.school, it.event.learner, it.event.course))
            after[name] = (*after.get(name, self._courses.get(name, ())), it)
        if keep:
            self._courses |= after
        if not moments:
            return []
        awarded = {it.awards: self._awarded[it.awards] for it in moments}
        now = events[-1].event.recorded_at
        new = new_awards(moments, ChainMap(after, self._courses), awarded, now)
        found = [_award(it) for it in new]
        if keep:
            for stored, award in zip(new, found, strict=True):
                stream, version = stored.originator_id, stored.originator_version
                programs = self._awarded[stream].programs | {award.program}
                self._awarded[stream] = Awarded(programs, version)
        return found


def _award(stored: NewEvent) -> LearningProgramCompleted:
    return LearningProgramCompleted.model_validate_json(stored.state)


async def _requiring(log: EventLog, schools: Collection[str], head: Position) -> Requiring:
    requiring: dict[tuple[str, str], tuple[Published, ...]] = {}
    for school in schools:
        for published in await reading.programs(log, school, head):
            for course in published.program.required:
                key = school, course
                requiring[key] = (*requiring.get(key, ()), published)
    return requiring


def _placed(would: Sequence[Sequence[Event]], head: Position) -> Iterator[list[Placed]]:
    """Each command's decisive events, all of them behind the head, in order."""
    at = head.transaction_id + 1
    place = 0
    for events in would:
        own = []
        for event in events:
            if isinstance(event, Decisive):
                place += 1
                own.append(Placed(Position(at, place), event))
        yield own


def _moments(events: Sequence[Placed], requiring: Requiring) -> Iterator[Moment]:
    for at, event in events:
        programs = requiring.get((event.school, event.course), ())
        if completes(event) and programs:
            yield Moment(event.school, event.learner, at, programs)
