"""The name on the wire of every message: declared here and nowhere else."""

from collections.abc import Mapping
from types import MappingProxyType

from . import catalog, commands, directory, events, notifications, progress, results, webhooks
from .model import Contract

COMMANDS: Mapping[str, type[commands.Command]] = MappingProxyType(
    {
        "coursemark.commands.enroll_learner.v1": commands.EnrollLearner,
        "coursemark.commands.unenroll_learner.v1": commands.UnenrollLearner,
        "coursemark.commands.record_activity.v1": commands.RecordActivity,
        "coursemark.commands.mark_complete.v1": commands.MarkComplete,
        "coursemark.commands.import_completion.v1": commands.ImportCompletion,
        "coursemark.commands.reset_progress.v1": commands.ResetProgress,
        "coursemark.commands.evaluate_course.v1": commands.EvaluateCourse,
    }
)
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
        "coursemark.progress.learning_program_completed.v1": events.LearningProgramCompleted,
        "coursemark.catalog.course_structure_published.v1": events.CourseStructurePublished,
        "coursemark.catalog.learning_program_published.v1": events.LearningProgramPublished,
    }
)
RESULTS: Mapping[str, type[results.Result]] = MappingProxyType(
    {
        "coursemark.results.command_accepted.v1": results.CommandAccepted,
        "coursemark.results.command_rejected.v1": results.CommandRejected,
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
ALL: Mapping[str, type[Contract]] = MappingProxyType(
    {
        **COMMANDS,
        **EVENTS,
        **RESULTS,
        **CATALOG,
        **DIRECTORY,
        **PROGRESS,
        **WEBHOOKS,
        **ZAPIER,
        **NOTIFICATIONS,
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
