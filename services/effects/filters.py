"""Does an endpoint want a message?"""

from collections.abc import Collection
from typing import NamedTuple

from contracts.webhooks import Trigger, Webhook, Zap
from services.domain.happenings import Happening


class About(NamedTuple):
    """What of a message is looked at."""

    trigger: Trigger
    course: str | None
    manually_completed: bool | None


class Filter(NamedTuple):
    """``triggers``, ``courses``: None lets every one through."""

    triggers: Collection[str] | None
    courses: Collection[str] | None
    completions: str

    def wants(self, it: About) -> bool:
        """Whether the message goes there.

        A filter by course lets through only what is about one of them, so no learning programme.
        An undo passes a filter of completions: whose it took back, that may have been told there.
        """
        if self.triggers is not None and it.trigger not in self.triggers:
            return False
        if self.courses is not None and it.course not in self.courses:
            return False
        match self.completions:
            case "manual":
                return it.manually_completed is True or it.trigger == "completion_revoked"
            case "not_manual":
                return it.manually_completed is not True
            case _:
                return True


def about(message: Webhook | Zap | Happening) -> About:
    """What a message is about, or what the message of a happening would be."""
    if isinstance(message, Happening):
        return About(message.trigger, message.course, message.manually_completed)
    if isinstance(message, Zap):
        return About(message.trigger, message.course_id, message.manually_completed)
    course = message.data.course
    course_id = None if course is None else course.id
    return About(message.trigger, course_id, message.data.manually_completed)
