"""What the mailer is told of a completion that is mailed (M5)."""

from uuid import NAMESPACE_URL, uuid5

from contracts.events import CourseCompleted
from contracts.notifications import CompletionNotice
from contracts.registry import name_of
from contracts.topics import Stream
from services.publisher.fanout.titles import Titles

TYPES = (name_of(CourseCompleted),)


def notice(event: CourseCompleted, event_id: str, titles: Titles) -> CompletionNotice:
    """What the mailer has to know, without name and address."""
    return CompletionNotice(
        school=event.school,
        learner=event.learner,
        course=event.course,
        course_title=titles.title,
        attempt=event.attempt,
        event_id=event_id,
        completed_at=event.effective_at,
        average_score=event.average_score,
        manually_completed=event.manually_completed,
    )


def notice_id(event: CourseCompleted) -> str:
    """One for an attempt: what is mailed once has one id."""
    stream = Stream(event.school, event.learner, event.course)
    return f"msg_{uuid5(NAMESPACE_URL, f'coursemark:{stream}#{event.attempt}:notice').hex}"
