"""The library's recorders over the log.

The library knows a place in the log by one integer, the notification id. In ``order="xid"``
the recorder reads in commit order and resolves an id to the place of its event, so nothing is
ever skipped, but ids need not rise; the library's tracking, which keeps the highest id alone,
wants ids that do. ``order="advisory"`` gives that: appends take turns, at the price of one
writer at a time. It is the default here, and any writer beside the library has to take the
same lock.
"""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import asyncpg
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

from services.store.library.errors import translated
from services.store.library.facade import Database
from services.store.library.subscription import PollingSubscription
from services.store.sql import query

Order = Literal["xid", "advisory"]
OriginatorId = type[UUID] | type[str]


class LogAggregateRecorder(AggregateRecorder):
    """Inserts and selects the events of streams."""

    def __init__(self, database: Database, order: Order = "advisory") -> None:
        self.database = database
        self._order = order

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append all, with the tracking that comes along, or nothing."""
        self._append(stored_events, kwargs.get("tracking"))
        return None

    def _append(self, stored_events: Sequence[StoredEvent], tracking: Tracking | None) -> list[int]:
        with translated():
            return self.database.run(self._insert(stored_events, tracking))

    async def _insert(
        self, stored_events: Sequence[StoredEvent], tracking: Tracking | None
    ) -> list[int]:
        async with self.database.pool.acquire() as connection, connection.transaction():
            if self._order == "advisory":
                await connection.execute(query("library/lock"))
            if tracking is not None:
                await insert_tracking(connection, tracking)
            rows = await connection.fetch(
                query("library/insert_events"),
                [str(event.originator_id) for event in stored_events],
                [event.originator_version for event in stored_events],
                [event.topic for event in stored_events],
                [event.state for event in stored_events],
            )
        return [row[0] for row in rows]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream."""
        with translated():
            rows = self.database.run(
                self.database.pool.fetch(
                    query("library/select_events"), str(originator_id), gt, lte, desc, limit
                )
            )
        return [StoredEvent(originator_id, row[0], row[1], row[2]) for row in rows]


class LogApplicationRecorder(LogAggregateRecorder, ApplicationRecorder):
    """Reads the whole log too; ``originator_id`` says what ids it hands out."""

    def __init__(
        self,
        database: Database,
        order: Order = "advisory",
        originator_id: OriginatorId = str,
    ) -> None:
        super().__init__(database, order)
        self._originator_id = originator_id

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append all, with the tracking that comes along, or nothing; returns their ids."""
        return self._append(stored_events, kwargs.get("tracking"))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events in commit order, from one id to another."""
        wanted = list(topics) or None
        with translated():
            rows = self.database.run(
                self.database.pool.fetch(
                    query("library/select_notifications"),
                    start,
                    inclusive_of_start,
                    stop,
                    wanted,
                    limit,
                )
            )
        return [
            Notification(self._originator_id(row[1]), row[2], row[3], row[4], row[0])
            for row in rows
        ]

    def max_notification_id(self) -> int | None:
        """The id of the last event in commit order."""
        with translated():
            found: int | None = self.database.run(
                self.database.pool.fetchval(query("library/max_notification_id"))
            )
        return found

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Events as they come, by polling: a NOTIFY in the append would serialise commits."""
        return PollingSubscription(recorder=self, gt=gt, topics=topics)


class LogTrackingRecorder(TrackingRecorder):
    """Keeps how far each upstream application has been followed."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def insert_tracking(self, tracking: Tracking) -> None:
        """Move on; a position that is not higher is refused."""
        with translated():
            self.database.run(insert_tracking(self.database.pool, tracking))

    def max_tracking_id(self, application_name: str) -> int | None:
        """The highest position recorded."""
        with translated():
            found: int | None = self.database.run(
                self.database.pool.fetchval(query("library/max_tracking_id"), application_name)
            )
        return found


class LogProcessRecorder(LogTrackingRecorder, LogApplicationRecorder, ProcessRecorder):
    """Events and tracking in one transaction."""

    def __init__(
        self,
        database: Database,
        order: Order = "advisory",
        originator_id: OriginatorId = str,
    ) -> None:
        LogApplicationRecorder.__init__(self, database, order, originator_id)


async def insert_tracking(executor: asyncpg.Connection | asyncpg.Pool, tracking: Tracking) -> None:
    """Record the tracking within the caller's transaction.

    Raises:
        IntegrityError: a position as high is recorded already.
    """
    row = await executor.fetchrow(
        query("library/insert_tracking"), tracking.application_name, tracking.notification_id
    )
    if row is None:
        raise IntegrityError(
            f"{tracking.application_name} has been followed to {tracking.notification_id} already"
        )
