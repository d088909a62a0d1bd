"""A happening as a webhook, nested as LearnWorlds' users know it, and as a Zap, flat."""

from datetime import datetime

from contracts import webhooks
from contracts.webhooks import (
    Webhook,
    WebhookActivity,
    WebhookCourse,
    WebhookData,
    WebhookProgram,
    WebhookUser,
    Zap,
)
from services.domain.happenings import Happening
from services.publisher.fanout.titles import Titles


def webhook(it: Happening, titles: Titles) -> Webhook:
    """The message to an endpoint, without what the directory knows of the learner."""
    return Webhook(
        type=webhooks.TYPES[it.trigger],
        trigger=it.trigger,
        school_id=it.school,
        id=it.id,
        event_id=it.event_id,
        occurred_at=it.occurred_at,
        attempt=it.attempt,
        batch_id=it.batch_id,
        data=WebhookData(
            user=WebhookUser(id=it.learner),
            course=_course(it, titles),
            activity=_activity(it, titles),
            program=_program(it, titles),
            manually_completed=it.manually_completed,
            provenance=it.provenance,
            completed_at=_seconds(it.completed_at),
            due_at=_seconds(it.due_at),
            average_score=it.average_score,
            activities=it.activities,
            undone_event_ids=it.undone,
        ),
    )


def zap(it: Happening, titles: Titles) -> Zap:
    """The same, flat."""
    return Zap(
        id=it.id,
        event_id=it.event_id,
        trigger=it.trigger,
        school_id=it.school,
        occurred_at=it.occurred_at,
        user_id=it.learner,
        course_id=it.course,
        course_title=None if it.course is None else titles.title,
        activity_id=it.activity,
        activity_title=titles.of(it.activity),
        activity_type=it.activity_type,
        program_id=it.program,
        program_title=None if it.program is None else titles.title,
        score=it.average_score if it.score is None else it.score,
        manually_completed=it.manually_completed,
        provenance=it.provenance,
        completed_at=it.completed_at,
        due_at=it.due_at,
        undone_event_ids=it.undone,
        attempt=it.attempt,
        batch_id=it.batch_id,
    )


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _course(it: Happening, titles: Titles) -> WebhookCourse | None:
    return None if it.course is None else WebhookCourse(id=it.course, title=titles.title)


def _activity(it: Happening, titles: Titles) -> WebhookActivity | None:
    if it.activity is None or it.activity_type is None:
        return None
    return WebhookActivity(
        id=it.activity, title=titles.of(it.activity), type=it.activity_type, score=it.score
    )


def _program(it: Happening, titles: Titles) -> WebhookProgram | None:
    return None if it.program is None else WebhookProgram(id=it.program, title=titles.title)
