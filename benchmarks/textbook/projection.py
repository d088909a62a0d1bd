"""The library's `ProjectionRunner` with a progress row for each enrolment.

As in the library's own examples: one method a kind of event, each writing its row and the
tracking record in one transaction. Ours keeps activity rows and attempts besides; this does not.
"""

import signal
from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from benchmarks.school import ACTIVITIES
from benchmarks.textbook.domain import Enrolment, Enrolments


class ProgressView(TrackingRecorder, ABC):
    @abstractmethod
    def insert_row(
        self, enrolment: UUID, names: tuple[str, str, str], tracking: Tracking
    ) -> None: ...

    @abstractmethod
    def add_submission(self, enrolment: UUID, tracking: Tracking) -> None: ...

    @abstractmethod
    def add_completion(self, enrolment: UUID, manually: bool, tracking: Tracking) -> None: ...

    @abstractmethod
    def set_completed(self, event: Enrolment.CourseCompleted, tracking: Tracking) -> None: ...


class PostgresProgressView(PostgresTrackingRecorder, ProgressView):
    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        table = Identifier(self.datastore.schema), Identifier("textbook_progress")
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {0}.{1} (enrolment uuid PRIMARY KEY, school text, "
                "learner text, course text, submissions int, completed int, rate float, "
                "manually bool, average_score float, completed_at timestamptz)"
            ).format(*table)
        )
        self._insert = SQL(
            "INSERT INTO {0}.{1} VALUES (%s, %s, %s, %s, 0, 0, 0, false, NULL, NULL)"
        ).format(*table)
        self._submission = SQL(
            "UPDATE {0}.{1} SET submissions = submissions + 1 WHERE enrolment = %s"
        ).format(*table)
        self._completion = SQL(
            "UPDATE {0}.{1} SET completed = completed + 1, rate = 100.0 * (completed + 1) / %s, "
            "manually = manually OR %s WHERE enrolment = %s"
        ).format(*table)
        self._completed = SQL(
            "UPDATE {0}.{1} SET average_score = %s, completed_at = %s WHERE enrolment = %s"
        ).format(*table)

    def insert_row(self, enrolment: UUID, names: tuple[str, str, str], tracking: Tracking) -> None:
        self._write(self._insert, (enrolment, *names), tracking)

    def add_submission(self, enrolment: UUID, tracking: Tracking) -> None:
        self._write(self._submission, (enrolment,), tracking)

    def add_completion(self, enrolment: UUID, manually: bool, tracking: Tracking) -> None:
        self._write(self._completion, (len(ACTIVITIES), manually, enrolment), tracking)

    def set_completed(self, event: Enrolment.CourseCompleted, tracking: Tracking) -> None:
        values = (event.average_score, event.timestamp, event.originator_id)
        self._write(self._completed, values, tracking)

    def _write(self, statement: Any, values: tuple[object, ...], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(statement, values, prepare=True)
            self._insert_tracking(cursor, tracking)


class ProgressProjection(Projection[ProgressView]):
    name = "textbook"

    @singledispatchmethod
    def process_event(self, _domain_event: Any, tracking: Tracking) -> None:
        self.view.insert_tracking(tracking)

    @process_event.register
    def _(self, event: Enrolment.Enrolled, tracking: Tracking) -> None:
        names = (event.school, event.learner, event.course)
        self.view.insert_row(event.originator_id, names, tracking)

    @process_event.register
    def _(self, event: Enrolment.Submitted, tracking: Tracking) -> None:
        self.view.add_submission(event.originator_id, tracking)

    @process_event.register
    def _(self, event: Enrolment.ActivityCompleted, tracking: Tracking) -> None:
        self.view.add_completion(event.originator_id, event.manually, tracking)

    @process_event.register
    def _(self, event: Enrolment.CourseCompleted, tracking: Tracking) -> None:
        self.view.set_completed(event, tracking)


def main() -> None:
    with ProjectionRunner(
        application_class=Enrolments,
        view_class=PostgresProgressView,
        projection_class=ProgressProjection,
        env={},  # PERSISTENCE_MODULE and POSTGRES_... come from the process's environment
    ) as runner:
        signal.signal(signal.SIGTERM, lambda *_: runner.stop())
        runner.run_forever()
