"""All feeds there are: a new one is a line here."""

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from services.publisher.evaluation import EvaluationFeed
from services.publisher.events import EventsFeed
from services.publisher.fanout.feeds import NotificationsFeed, WebhooksFeed, ZapierFeed
from services.publisher.feed import Feed
from services.publisher.progress import ProgressFeed
from services.store.cursors import begin
from services.store.log import EventLog


class FeedSpec(NamedTuple):
    """A feed before it has a log.

    ``topics``: the event types that it follows; none: all. ``outward``: it reaches customers, who
    are not to be told of what was there before Coursemark could tell them.
    """

    name: str
    topics: Collection[str] | None
    build: Callable[[EventLog], Feed]
    outward: bool = False


def _spec(
    feed: type[ProgressFeed | EvaluationFeed | WebhooksFeed | ZapierFeed | NotificationsFeed],
    *,
    outward: bool = False,
) -> FeedSpec:
    return FeedSpec(feed.name, feed.topics, feed, outward)


FEEDS = (
    FeedSpec(EventsFeed.name, EventsFeed.topics, lambda _: EventsFeed()),
    _spec(ProgressFeed),
    _spec(EvaluationFeed),
    _spec(WebhooksFeed, outward=True),
    _spec(ZapierFeed, outward=True),
    _spec(NotificationsFeed, outward=True),
)
"""In the order in which they are shown."""


async def begin_outward(log: EventLog, feeds: Iterable[FeedSpec] = FEEDS) -> None:
    """Give each outward feed that never ran its place, before any feed runs.

    That is the origin where nothing was ever published, so that nothing is lost; and the head of
    the log where ``publish-events`` has been at work: an upgrade tells nobody of the past.
    """
    await begin(log.pool, [it.name for it in feeds if it.outward], unless_ran=EventsFeed.name)
