"""What the rules need to know of one learner in one course: the current attempt.

Earlier attempts and all the time ever spent are of no account to a decision; views keep them.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from contracts.fields import Provenance


class Completion(NamedTuple):
    """How and when something was completed."""

    provenance: Provenance
    effective_at: datetime

    @property
    def manually(self) -> bool:
        """True where the label "Manually" stands (M6)."""
        return self.provenance == "manual"


class ActivityState(NamedTuple):
    """One activity in the current attempt; ``time_spent`` in seconds.

    ``score`` is the best submission's, or what the completion was graded.
    """

    visited: bool = False
    joined: bool = False
    claimed: bool = False
    submitted: bool = False
    score: float | None = None
    time_spent: int = 0
    completion: Completion | None = None


UNTOUCHED = ActivityState()


class Progress(NamedTuple):
    """One learner in one course; an activity without any record is not among them.

    ``opened`` is the highest attempt that was ever opened: an attempt that an undo closed for
    good gives its number to no other. Only who decides has to know it; views do not keep it.
    """

    enrolled: bool = False
    enrolled_at: datetime | None = None
    attempt: int = 1
    activities: Mapping[str, ActivityState] = MappingProxyType({})
    completion: Completion | None = None
    emailed: bool = False
    opened: int = 1

    def of(self, activity: str) -> ActivityState:
        """The activity's state, untouched where nothing is recorded."""
        return self.activities.get(activity, UNTOUCHED)

    def is_complete(self, activity: str) -> bool:
        """True where the activity is complete in this attempt."""
        return self.of(activity).completion is not None


NOTHING = Progress()
