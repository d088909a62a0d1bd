"""The programmes of the schools that were lately looked at."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.domain.programs import Program
from services.programs import reading
from services.programs.deciding import Published
from services.store.log import EventLog
from services.store.records import ORIGIN, Position

LIMIT = 100_000
"""Required courses of the programmes that are kept; some 10 MB."""


class _School(NamedTuple):
    """``requiring``: the programmes that require a course, in order of their ids, by course."""

    programs: Mapping[str, Published]
    requiring: Mapping[str, tuple[Published, ...]]

    @property
    def size(self) -> int:
        return 1 + sum(len(it.program.required) for it in self.programs.values())


class Programs:
    """Programmes as of where their follower stands: it tells of each new version.

    Asked about an earlier position than before, it reads all anew.
    """

    def __init__(self, log: EventLog, limit: int = LIMIT) -> None:
        self._log = log
        self._limit = limit
        self._schools: dict[str, _School] = {}
        self._at = ORIGIN

    async def requiring(self, school: str, course: str, at: Position) -> tuple[Published, ...]:
        """The school's programmes that require the course, as of a position."""
        self._go_to(at)
        known = self._schools.get(school)
        if known is None:
            known = _school(await reading.programs(self._log, school, at))
            self._keep(school, known)
        return known.requiring.get(course, ())

    def publish(self, program: Program, at: Position) -> None:
        """Take over a version that the follower has come to."""
        self._go_to(at)
        known = self._schools.get(program.school)
        if known is not None:
            latest = {**known.programs, program.program: Published(program, at)}
            self._keep(program.school, _school(latest.values()))

    def forget(self) -> None:
        """Read all anew: versions may have come that it was not told of."""
        self._schools.clear()

    def _go_to(self, at: Position) -> None:
        if at < self._at:
            self._schools.clear()
        self._at = at

    def _keep(self, school: str, known: _School) -> None:
        """The longest known ones go first."""
        self._schools.pop(school, None)
        self._schools[school] = known
        total = sum(it.size for it in self._schools.values())
        while total > self._limit and len(self._schools) > 1:
            oldest = next(iter(self._schools))
            total -= self._schools.pop(oldest).size


def _school(programs: Iterable[Published]) -> _School:
    by_id = {it.program.program: it for it in sorted(programs, key=lambda it: it.program.program)}
    requiring: dict[str, tuple[Published, ...]] = {}
    for published in by_id.values():
        for course in published.program.required:
            requiring[course] = (*requiring.get(course, ()), published)
    return _School(by_id, requiring)
