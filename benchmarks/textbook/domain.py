"""The aggregate, one for each learner and course, in the style of the library's tutorial.

It does the work that ours does for these commands: an enrolment, submissions that complete an
activity when they pass, and the whole course marked complete.
"""

from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.school import ACTIVITIES, ADMINISTRATOR, PASS_MARK


class NotPermittedError(Exception):
    pass


class Enrolment(Aggregate):
    class Enrolled(Aggregate.Created):
        school: str
        learner: str
        course: str

    class Submitted(Aggregate.Event):
        activity: str
        score: float

    class ActivityCompleted(Aggregate.Event):
        activity: str
        score: float | None
        manually: bool

    class CourseCompleted(Aggregate.Event):
        average_score: float
        manually: bool

    @event(Enrolled)
    def __init__(self, school: str, learner: str, course: str) -> None:
        self.school = school
        self.learner = learner
        self.course = course
        self.scores: dict[str, float] = {}
        self.completed: dict[str, bool] = {}
        self.average_score: float | None = None
        self.completed_manually = False

    @staticmethod
    def create_id(school: str, learner: str, course: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/enrolments/{school}/{learner}/{course}")

    def submit(self, activity: str, score: float) -> None:
        if activity not in ACTIVITIES:
            raise ValueError(activity)
        self._submitted(activity, score)
        if score >= PASS_MARK and activity not in self.completed:
            self._activity_completed(activity, score, manually=False)
            self._close(manually=False)

    def mark_complete(self) -> None:
        for activity in ACTIVITIES:
            if activity not in self.completed:
                self._activity_completed(activity, self.scores.get(activity), manually=True)
        self._close(manually=True)

    def _close(self, *, manually: bool) -> None:
        if len(self.completed) == len(ACTIVITIES) and self.average_score is None:
            average = round(sum(self.scores.values()) / len(self.scores), 2)
            self._course_completed(average, manually)

    @event(Submitted)
    def _submitted(self, activity: str, score: float) -> None:
        self.scores[activity] = max(score, self.scores.get(activity, 0.0))

    @event(ActivityCompleted)
    def _activity_completed(self, activity: str, score: float | None, manually: bool) -> None:
        self.completed[activity] = manually
        if score is not None:
            self.scores[activity] = score

    @event(CourseCompleted)
    def _course_completed(self, average_score: float, manually: bool) -> None:
        self.average_score = average_score
        self.completed_manually = manually


class Enrolments(Application[UUID]):
    """Application commands; each returns how many events it recorded."""

    def enroll(self, school: str, learner: str, course: str) -> int:
        return len(self.save(Enrolment(school, learner, course)))

    def submit(self, key: tuple[str, str, str], activity: str, score: float) -> int:
        enrolment = self._get(key)
        enrolment.submit(activity, score)
        return len(self.save(enrolment))

    def mark_complete(self, key: tuple[str, str, str], actor: str) -> int:
        if actor != ADMINISTRATOR:
            raise NotPermittedError(actor)
        enrolment = self._get(key)
        enrolment.mark_complete()
        return len(self.save(enrolment))

    def _get(self, key: tuple[str, str, str]) -> Enrolment:
        enrolment: Enrolment = self.repository.get(Enrolment.create_id(*key))
        return enrolment
