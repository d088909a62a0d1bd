"""A course structure, indexed for the rules."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from contracts.catalog import Activity, CourseStructure, Section


@dataclass(frozen=True)
class Course:
    """One version of a course's structure, and when it was published."""

    structure: CourseStructure
    published_at: datetime

    @property
    def version(self) -> int:
        """The version that events decided under it carry."""
        return self.structure.version

    @cached_property
    def activities(self) -> dict[str, Activity]:
        """Every activity by its id, in the order of the course."""
        return {activity.activity: activity for activity in self.structure.activities()}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Ids of the required activities, in order; at least one."""
        return tuple(id_ for id_, activity in self.activities.items() if activity.required)

    @cached_property
    def required_ids(self) -> frozenset[str]:
        """The same ids, without their order."""
        return frozenset(self.required)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where in the course each activity stands."""
        return {id_: place for place, id_ in enumerate(self._ids)}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section that each activity stands in."""
        return {a.activity: s for s in self.structure.sections for a in s.activities}

    def before(self, activity: str) -> tuple[str, ...]:
        """The activities that stand before this one, in order.

        Raises:
            KeyError: the course has no such activity.
        """
        return self._ids[: self.places[activity]]

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(self.activities)
