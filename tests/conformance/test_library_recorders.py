"""The eventsourcing library's own test cases for recorders, on our log.

The non-interleaving case holds where appends take turns (order="advisory"); in commit order
(order="xid") ids of two transactions may interleave by design, so it does not apply there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

import pytest
from eventsourcing.tests import persistence as library
from eventsourcing.utils import Environment

from services.store.library.facade import Database
from services.store.library.factory import LogFactory
from services.store.library.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
    Order,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

for case in vars(library).values():
    if isinstance(case, type) and case.__name__.endswith("Case"):
        case.__test__ = False


class OnOurLog:
    """A fresh database for each case; stream names are text here."""

    __test__ = True
    order: ClassVar[Order] = "xid"
    database: Database
    url: str

    @pytest.fixture(autouse=True)
    def _database(self, database_url: str) -> Iterator[None]:
        self.url = database_url
        self.database = Database(database_url)
        yield
        self.database.close()

    def new_originator_id(self) -> str:
        return str(uuid4())


class TestAggregateRecorder(OnOurLog, library.AggregateRecorderTestCase):
    def create_recorder(self) -> LogAggregateRecorder:
        return LogAggregateRecorder(self.database, self.order)


class TestAggregateRecorderInTurns(TestAggregateRecorder):
    order = "advisory"


class TestApplicationRecorder(OnOurLog, library.ApplicationRecorderTestCase):
    def create_recorder(self) -> LogApplicationRecorder:
        return LogApplicationRecorder(self.database, self.order)


class TestApplicationRecorderInTurns(TestApplicationRecorder):
    order = "advisory"


class TestTrackingRecorder(OnOurLog, library.TrackingRecorderTestCase):
    def create_recorder(self) -> LogTrackingRecorder:
        return LogTrackingRecorder(self.database)


class TestProcessRecorder(OnOurLog, library.ProcessRecorderTestCase):
    def create_recorder(self) -> LogProcessRecorder:
        return LogProcessRecorder(self.database, self.order)


class TestProcessRecorderInTurns(TestProcessRecorder):
    order = "advisory"


class TestNonInterleavingInTurns(OnOurLog, library.NonInterleavingNotificationIDsBaseCase):
    order = "advisory"

    def create_recorder(self) -> LogApplicationRecorder:
        return LogApplicationRecorder(self.database, self.order)


class View(LogTrackingRecorder):
    """A user's own view."""


class TestInfrastructureFactory(OnOurLog, library.InfrastructureFactoryTestCase):
    def setUp(self) -> None:
        self.env = Environment("TestCase")
        self.env[LogFactory.PERSISTENCE_MODULE] = "services.store.library.factory"
        self.env["COURSEMARK_DATABASE_URL"] = self.url
        super().setUp()

    def expected_factory_class(self) -> type[LogFactory]:
        return LogFactory

    def expected_aggregate_recorder_class(self) -> type[LogAggregateRecorder]:
        return LogAggregateRecorder

    def expected_application_recorder_class(self) -> type[LogApplicationRecorder]:
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[LogTrackingRecorder]:
        return LogTrackingRecorder

    def tracking_recorder_subclass(self) -> type[View]:
        return View

    def expected_process_recorder_class(self) -> type[LogProcessRecorder]:
        return LogProcessRecorder
