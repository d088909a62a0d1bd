"""The name on the wire of every message: declared here and nowhere else."""

from collections.abc import Mapping
from types import MappingProxyType

from . import (
    catalog,
    commands,
    directory,
    events,
    notifications,
    operations,
    progress,
    results,
    webhooks,
)
from .model import Contract

COMMANDS: Mapping[str, type[commands.Command]] = MappingProxyType(
    {
        "coursemark.commands.enroll_learner.v1": commands.EnrollLearner,
        "coursemark.commands.unenroll_learner.v1": commands.UnenrollLearner,
        "coursemark.commands.record_activity.v1": commands.RecordActivity,
        "coursemark.commands.mark_complete.v1": commands.MarkComplete,
        "coursemark.commands.import_completion.v1": commands.ImportCompletion,
        "coursemark.commands.reset_progress.v1": commands.ResetProgress,
        "coursemark.commands.undo_command.v1": commands.UndoCommand,
        "coursemark.commands.evaluate_course.v1": commands.EvaluateCourse,
    }
)
"""Commands about one learner in one course."""
OPERATION_COMMANDS: Mapping[str, type[operations.OperationCommand]] = MappingProxyType(
    {
        "coursemark.commands.bulk_enroll.v1": operations.BulkEnroll,
        "coursemark.commands.bulk_mark_complete.v1": operations.BulkMarkComplete,
        "coursemark.commands.bulk_reset_progress.v1": operations.BulkResetProgress,
        "coursemark.commands.bulk_import.v1": operations.BulkImport,
        "coursemark.commands.undo_operation.v1": operations.UndoOperation,
        "coursemark.commands.control_operation.v1": operations.ControlOperation,
    }
)
"""Commands about an operation."""
ASKED: Mapping[str, type[commands.Command | operations.OperationCommand]] = MappingProxyType(
    {**COMMANDS, **OPERATION_COMMANDS}
)
"""All that may be asked for."""
EVENTS: Mapping[str, type[events.Logged]] = MappingProxyType(
    {
        "coursemark.progress.learner_enrolled.v1": events.LearnerEnrolled,
        "coursemark.progress.learner_unenrolled.v1": events.LearnerUnenrolled,
        "coursemark.progress.activity_visited.v1": events.ActivityVisited,
        "coursemark.progress.activity_joined.v1": events.ActivityJoined,
        "coursemark.progress.activity_claimed.v1": events.ActivityClaimed,
        "coursemark.progress.time_spent_recorded.v1": events.TimeSpentRecorded,
        "coursemark.progress.assessment_submitted.v1": events.AssessmentSubmitted,
        "coursemark.progress.activity_completed.v1": events.ActivityCompleted,
        "coursemark.progress.course_completed.v1": events.CourseCompleted,
        "coursemark.progress.progress_reset.v1": events.ProgressReset,
        "coursemark.progress.completion_revoked.v1": events.CompletionRevoked,
        "coursemark.progress.reset_revoked.v1": events.ResetRevoked,
        "coursemark.progress.enrolment_revoked.v1": events.EnrolmentRevoked,
        "coursemark.progress.recertification_announced.v1": events.RecertificationAnnounced,
        "coursemark.progress.learning_program_completed.v1": events.LearningProgramCompleted,
        "coursemark.catalog.course_structure_published.v1": events.CourseStructurePublished,
        "coursemark.catalog.learning_program_published.v1": events.LearningProgramPublished,
    }
)
UNDOS: tuple[str, ...] = tuple(
    name for name, event in EVENTS.items() if issubclass(event, events.Revoked)
)
"""The events that take others back (B7)."""
RESULTS: Mapping[str, type[results.Result]] = MappingProxyType(
    {
        "coursemark.results.command_accepted.v1": results.CommandAccepted,
        "coursemark.results.command_rejected.v1": results.CommandRejected,
        "coursemark.results.command_previewed.v1": results.CommandPreviewed,
    }
)
CATALOG: Mapping[str, type[catalog.CourseStructure | catalog.LearningProgram]] = MappingProxyType(
    {
        "coursemark.catalog.course_structure.v1": catalog.CourseStructure,
        "coursemark.catalog.learning_program.v1": catalog.LearningProgram,
    }
)
DIRECTORY: Mapping[str, type[directory.School | directory.User]] = MappingProxyType(
    {
        "coursemark.directory.school.v1": directory.School,
        "coursemark.directory.user.v1": directory.User,
    }
)
PROGRESS: Mapping[str, type[progress.LatestProgress]] = MappingProxyType(
    {"coursemark.progress.latest_progress.v1": progress.LatestProgress}
)
WEBHOOKS: Mapping[str, type[webhooks.Webhook]] = MappingProxyType(
    {"coursemark.webhooks.webhook.v1": webhooks.Webhook}
)
ZAPIER: Mapping[str, type[webhooks.Zap]] = MappingProxyType(
    {"coursemark.zapier.zap.v1": webhooks.Zap}
)
NOTIFICATIONS: Mapping[
    str, type[notifications.CompletionNotice | notifications.EndpointDisabled]
] = MappingProxyType(
    {
        "coursemark.notifications.completion_notice.v1": notifications.CompletionNotice,
        "coursemark.notifications.endpoint_disabled.v1": notifications.EndpointDisabled,
    }
)
OPERATIONS: Mapping[str, type[operations.OperationReported]] = MappingProxyType(
    {"coursemark.operations.operation_reported.v1": operations.OperationReported}
)
ALL: Mapping[str, type[Contract]] = MappingProxyType(
    {
        **COMMANDS,
        **OPERATION_COMMANDS,
        **EVENTS,
        **RESULTS,
        **CATALOG,
        **DIRECTORY,
        **PROGRESS,
        **WEBHOOKS,
        **ZAPIER,
        **NOTIFICATIONS,
        **OPERATIONS,
    }
)
_NAMES: Mapping[type[Contract], str] = MappingProxyType(
    {model: name for name, model in ALL.items()}
)


def name_of(message: Contract | type[Contract]) -> str:
    """The declared name of a message or of its class.

    Raises:
        KeyError: the class is not registered.
    """
    return _NAMES[message if isinstance(message, type) else type(message)]
