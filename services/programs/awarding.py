"""Completions of courses and versions of programmes in, completions of programmes out (B12).

Everything is decided as of the event that it follows from, and appended before the cursor moves.
So after a crash, or beside a second instance, the same is decided again, and found in the log.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from contracts.events import CourseCompleted, LearningProgramPublished
from contracts.registry import UNDOS, name_of
from contracts.topics import Stream
from services.domain.programs import Decisive, Program, completes, program_of
from services.programs import reading
from services.programs.deciding import Awarded, Moment, Published, new_awards
from services.programs.known import Programs
from services.store.log import EventLog, VersionConflict
from services.store.mapper import decode
from services.store.records import FollowedEvent, Position

TYPES = (name_of(CourseCompleted), *UNDOS, name_of(LearningProgramPublished))
"""What it follows: an undo may leave a course complete that was open (B7)."""
LIMIT = 1_000
"""Events at a time."""
STREAMS = 5_000
"""Courses of learners that are looked at together: memory stays flat whatever a school's size."""
TRIES = 20
"""Two instances meet on one learner only while one replaces the other."""


class Awarding:
    """The work of the part; ``clock`` tells the time that completions are recorded at."""

    name = reading.NAME
    topics = TYPES

    def __init__(
        self, log: EventLog, clock: Callable[[], datetime], streams: int = STREAMS
    ) -> None:
        self._log = log
        self._clock = clock
        self._streams = streams
        self._programs = Programs(log)

    async def until(self) -> Position | None:
        """To the head of the log."""
        return None

    def moved(self) -> None:
        """Versions that another one took in were not told here."""
        self._programs.forget()

    def overtaken(self) -> None:
        """What another one awarded stands in the log, and is found there."""

    async def settle(self) -> None:
        """There is nothing to put right."""

    async def do(self, events: Sequence[FollowedEvent]) -> None:
        """Award what these events of ``TYPES`` lead to, in their order."""
        moments: list[Moment] = []
        for it in events:
            event = decode(it.topic, it.state)
            if completes(event):
                moments += await self._of_course(event, it.position)
            elif isinstance(event, LearningProgramPublished):
                await self._award_all(moments)
                moments = []
                await self._of_program(program_of(event.structure), it.position)
        await self._award_all(moments)

    async def _of_course(self, event: Decisive, at: Position) -> list[Moment]:
        programs = await self._programs.requiring(event.school, event.course, at)
        return [Moment(event.school, event.learner, at, programs)] if programs else []

    async def _of_program(self, program: Program, at: Position) -> None:
        """Look at whoever has a record in the first course: nobody else can have completed all."""
        self._programs.publish(program, at)
        published = Published(program, at)
        size = max(1, self._streams // len(program.required))
        async for page in self._log.pages(program.school, program.required[0], size):
            learners = (Stream.parse(name).learner for name in page)
            await self._award([Moment(program.school, it, at, (published,)) for it in learners])

    async def _award_all(self, moments: Iterable[Moment]) -> None:
        for some in _by_learner(moments, self._streams):
            await self._award(some)

    async def _award(self, moments: Sequence[Moment]) -> None:
        """Decide and append, all or nothing.

        Raises:
            VersionConflict: others came first again and again.
        """
        streams = {it.awards for it in moments}
        for remaining in reversed(range(TRIES)):
            awarded = await reading.awarded(self._log, streams)
            left = list(_not_awarded(moments, awarded))
            if not left:
                return
            wanted = {stream for it in left for stream in it.streams}
            courses = await reading.placed(self._log, wanted, max(it.at for it in left))
            try:
                await self._log.append(new_awards(left, courses, awarded, self._clock()))
            except VersionConflict:
                if not remaining:
                    raise
            else:
                return


def _not_awarded(moments: Iterable[Moment], awarded: dict[str, Awarded]) -> Iterator[Moment]:
    """The moments with the programmes that the learner has not completed yet."""
    for it in moments:
        left = tuple(p for p in it.programs if p.program.program not in awarded[it.awards].programs)
        if left:
            yield it._replace(programs=left)


def _by_learner(moments: Iterable[Moment], streams: int) -> Iterator[list[Moment]]:
    """Some learners at a time, each with all their moments in order."""
    of_learner: dict[str, list[Moment]] = {}
    for it in moments:
        of_learner.setdefault(it.awards, []).append(it)
    some: list[Moment] = []
    size = 0
    for own in of_learner.values():
        more = len({stream for it in own for stream in it.streams})
        if some and size + more > streams:
            yield some
            some, size = [], 0
        some += own
        size += more
    if some:
        yield some
