"""The library's infrastructure factory for our log.

Environment: ``COURSEMARK_DATABASE_URL``; ``COURSEMARK_LOG_ORDER`` (advisory, the default, or
xid); ``ORIGINATOR_ID_TYPE`` (text, the default, or uuid for aggregates with UUIDs);
``TRACKING_RECORDER_TOPIC`` as the library reads it. Snapshots, and any other purpose, stand in
a schema of their own, in the same layout.
"""

from typing import Any, cast
from uuid import UUID

import eventsourcing.persistence as library
from eventsourcing.utils import Environment, EnvType, resolve_topic

from services.store.library.facade import Database
from services.store.library.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
    Order,
    OriginatorId,
)


class LogFactory(library.InfrastructureFactory[LogTrackingRecorder]):
    """Makes recorders over the log; ``close`` ends their connections."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._databases: dict[str, Database] = {}

    def aggregate_recorder(self, purpose: str = "events") -> LogAggregateRecorder:
        """A recorder for one purpose: the log's events, or snapshots apart from them."""
        return LogAggregateRecorder(
            self._database("public" if purpose == "events" else purpose), self._order()
        )

    def application_recorder(self) -> LogApplicationRecorder:
        """A recorder of the log."""
        return LogApplicationRecorder(self._database(), self._order(), self._originator_id())

    def tracking_recorder(
        self, tracking_recorder_class: type[LogTrackingRecorder] | None = None
    ) -> Any:
        """A tracking recorder of the given class, or of the environment's topic."""
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        named: type[LogTrackingRecorder] = resolve_topic(topic) if topic else LogTrackingRecorder
        return (tracking_recorder_class or named)(self._database())

    def process_recorder(self) -> LogProcessRecorder:
        """A recorder of events and tracking together."""
        return LogProcessRecorder(self._database(), self._order(), self._originator_id())

    def close(self) -> None:
        """End all connections."""
        for database in self._databases.values():
            database.close()
        self._databases.clear()

    def _database(self, schema: str = "public") -> Database:
        if schema not in self._databases:
            url = self.env.get("COURSEMARK_DATABASE_URL")
            if not url:
                raise library.InfrastructureFactoryError(
                    "COURSEMARK_DATABASE_URL is not set; set it to the log's database"
                )
            self._databases[schema] = Database(url, schema)
        return self._databases[schema]

    def _order(self) -> Order:
        order = self.env.get("COURSEMARK_LOG_ORDER", "advisory")
        if order not in {"advisory", "xid"}:
            raise library.InfrastructureFactoryError(
                f"COURSEMARK_LOG_ORDER is {order}; set it to advisory or xid"
            )
        return cast("Order", order)

    def _originator_id(self) -> OriginatorId:
        return UUID if self.env.get("ORIGINATOR_ID_TYPE", "text") == "uuid" else str
