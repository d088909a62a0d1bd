"""Which topics a replay may go to: never Coursemark's own, whose readers would take it for news."""

import re

from contracts import registry
from services.runtime.topology import TOPICS, TopicSpec

_NAME = re.compile(r"[A-Za-z0-9._-]{1,249}")
_OURS = "coursemark."


class TargetError(Exception):
    """``topic_is_ours`` or ``topic_name_wrong``; the text says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def target(name: str, prefix: str) -> TopicSpec:
    """The topic of that full name, as it is created where it is missing.

    A name that ends in one of ours may be Coursemark's under another prefix on the same cluster.

    Raises:
        TargetError: no topic can have that name, or Coursemark has it for itself.
    """
    if _NAME.fullmatch(name) is None or name in {".", ".."}:
        raise TargetError(
            "topic_name_wrong",
            "A topic's name has 1 to 249 letters, digits, dots, dashes and underlines; give one.",
        )
    if name.removeprefix(prefix).startswith(_OURS) or name.endswith(tuple(TOPICS)):
        raise TargetError(
            "topic_is_ours",
            f"{name} is a name of Coursemark's own topics, whose readers would take a replay for "
            "news; name a topic of your own.",
        )
    return TopicSpec(
        name=name,
        about="Events of a replay.",
        key="school/learner",
        carries=tuple(registry.EVENTS),
        max_message_bytes=TOPICS["coursemark.events.v1"].max_message_bytes,
    )
