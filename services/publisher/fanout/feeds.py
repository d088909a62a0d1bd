"""The three feeds: a page of the log in, one page of messages out.

Titles are those of the moment of sending: what is sent again has the same ids, and the titles that
are the latest then.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import lru_cache
from typing import Final

from contracts import topics
from contracts.events import CourseCompleted
from contracts.model import Contract
from contracts.topics import course_stream
from services.domain import happenings
from services.domain.happenings import Happening
from services.domain.mailing import is_mailed
from services.publisher.fanout import forms, notices
from services.publisher.fanout.messages import About, message
from services.publisher.fanout.titles import LIMIT, UNTITLED, Titles, stream_of, titles_of
from services.runtime.bus.outbox import Message
from services.store.latest import Latest
from services.store.log import EventLog
from services.store.mapper import decode
from services.store.records import FollowedEvent, Position

REMEMBERED: Final = 4_000
"""Events whose meaning is remembered: two pages of the usual size, some 10 MB."""


class _ToTheHead:
    """Follows the log to its head, with titles at hand."""

    def __init__(self, log: EventLog) -> None:
        self._titles = Latest(log, titles_of, LIMIT)

    async def until(self) -> Position | None:
        """To the head of the log."""
        return None

    def _of(self, stream: str) -> Titles:
        return self._titles.latest(stream) or UNTITLED


class _HappeningsFeed(_ToTheHead):
    """Every happening to a topic, in a form."""

    topics = happenings.TYPES

    def __init__(
        self, log: EventLog, topic: str, form: Callable[[Happening, Titles], Contract]
    ) -> None:
        super().__init__(log)
        self._topic = topic
        self._form = form

    async def pages(self, events: Sequence[FollowedEvent]) -> AsyncIterator[list[Message]]:
        """What the events mean, in their order."""
        told = [it for event in events for it in _told(event.topic, event.state, _id(event))]
        streams = [stream_of(it) for it in told]
        await self._titles.refresh(set(streams))
        yield [
            self._message(it, self._of(stream)) for it, stream in zip(told, streams, strict=True)
        ]

    def _message(self, it: Happening, titles: Titles) -> Message:
        about = About(it.id, it.event_id, it.school, it.learner, it.occurred_at, it.correlation_id)
        return message(self._topic, about, self._form(it, titles))


class WebhooksFeed(_HappeningsFeed):
    """Every happening to ``coursemark.webhooks.v1``."""

    name = "publish-webhooks"

    def __init__(self, log: EventLog) -> None:
        super().__init__(log, topics.WEBHOOKS, forms.webhook)


class ZapierFeed(_HappeningsFeed):
    """Every happening to ``coursemark.zapier.v1``."""

    name = "publish-zapier"

    def __init__(self, log: EventLog) -> None:
        super().__init__(log, topics.ZAPIER, forms.zap)


class NotificationsFeed(_ToTheHead):
    """The completions that are mailed to ``coursemark.notifications.v1`` (M5)."""

    name = "publish-notifications"
    topics = notices.TYPES

    async def pages(self, events: Sequence[FollowedEvent]) -> AsyncIterator[list[Message]]:
        """A notice for each completion whose command asked for one."""
        decoded = ((decode(it.topic, it.state), _id(it)) for it in events)
        mailed = [(event, id_) for event, id_ in decoded if is_mailed(event)]
        await self._titles.refresh({course_stream(it.school, it.course) for it, _ in mailed})
        yield [self._message(event, id_) for event, id_ in mailed]

    def _message(self, event: CourseCompleted, event_id: str) -> Message:
        about = About(
            notices.notice_id(event),
            event_id,
            event.school,
            event.learner,
            event.recorded_at,
            event.correlation_id,
        )
        titles = self._of(course_stream(event.school, event.course))
        return message(topics.NOTIFICATIONS, about, notices.notice(event, event_id, titles))


@lru_cache(maxsize=REMEMBERED)
def _told(topic: str, state: bytes, event_id: str) -> tuple[Happening, ...]:
    """What one event means; webhooks and Zapier ask soon after each other."""
    return tuple(happenings.happenings(decode(topic, state), event_id))


def _id(event: FollowedEvent) -> str:
    return topics.event_id(event.originator_id, event.originator_version)
