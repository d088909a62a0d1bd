"""The library's stock Application and ProjectionRunner work on our log."""

from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection, ProjectionRunner

from services.store.library.recorders import LogTrackingRecorder, insert_tracking
from services.store.log import EventLog
from services.store.pool import open_pool
from services.store.records import ORIGIN


class Shelf(Aggregate):
    def __init__(self) -> None:
        self.books: list[str] = []

    @event("BookAdded")
    def add(self, title: str) -> None:
        self.books.append(title)


class Library(Application[UUID]):
    is_snapshotting_enabled = True

    def open_shelf(self) -> UUID:
        shelf = Shelf()
        self.save(shelf)
        return shelf.id

    def add(self, shelf_id: UUID, title: str) -> int:
        shelf: Shelf = self.repository.get(shelf_id)
        shelf.add(title)
        return self.save(shelf)[-1].notification.id

    def books(self, shelf_id: UUID) -> list[str]:
        shelf: Shelf = self.repository.get(shelf_id)
        return shelf.books


class Titles(LogTrackingRecorder):
    """Counts in memory; its position is in PostgreSQL, with the library's tracking."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seen: list[str] = []

    def add(self, title: str, tracking: Tracking) -> None:
        self.database.run(insert_tracking(self.database.pool, tracking))
        self.seen.append(title)


class TitlesProjection(Projection[Titles]):
    name = "titles"
    topics = ("tests.conformance.test_library_application:Shelf.BookAdded",)

    @singledispatchmethod
    def process_event(self, _event: object, tracking: Tracking) -> None:
        self.view.insert_tracking(tracking)

    @process_event.register
    def _(self, domain_event: Shelf.BookAdded, tracking: Tracking) -> None:  # type: ignore[name-defined]
        self.view.add(domain_event.title, tracking)


def environment(url: str) -> dict[str, str]:
    return {
        "PERSISTENCE_MODULE": "services.store.library.factory",
        "COURSEMARK_DATABASE_URL": url,
        "ORIGINATOR_ID_TYPE": "uuid",
    }


async def test_the_stock_application_saves_reads_and_snapshots(database_url: str) -> None:
    with Library(env=environment(database_url)) as library:
        shelf = library.open_shelf()
        library.add(shelf, "Persuasion")
        library.take_snapshot(shelf)
        library.add(shelf, "Emma")
        assert library.books(shelf) == ["Persuasion", "Emma"]
        assert len(library.notification_log.select(start=1, limit=10)) == 3
    pool = await open_pool(database_url)
    followed = await EventLog(pool).follow(ORIGIN, 10)
    await pool.close()
    assert [found.originator_version for found in followed] == [1, 2, 3]


def test_the_stock_projection_runner_follows_and_resumes(database_url: str) -> None:
    env = environment(database_url)
    arguments = {
        "application_class": Library,
        "projection_class": TitlesProjection,
        "view_class": Titles,
        "env": env,
    }
    with ProjectionRunner(**arguments) as runner:
        shelf = runner.app.open_shelf()
        runner.app.add(shelf, "Persuasion")
        last = runner.app.add(shelf, "Emma")
        runner.wait(last, timeout=10)
        assert runner.projection.view.seen == ["Persuasion", "Emma"]
    with ProjectionRunner(**arguments) as runner:
        last = runner.app.add(shelf, "Sanditon")
        runner.wait(last, timeout=10)
        assert runner.projection.view.seen == ["Sanditon"]
