"""What runs on Kafka, declared once: the topics, and which part receives and sends on which.

The bus creates topics and subscribes from these tables, and the AsyncAPI document is
generated from them; nothing else names a consumer group or a topic's settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from contracts import registry, topics
from contracts.commands import EvaluateCourse
from contracts.notifications import CompletionNotice, EndpointDisabled

PARTITIONS = 48
"""Upper bound on the processes that can share a topic; settings may override it."""

_DAY_MS = 24 * 60 * 60 * 1_000
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """A topic and its settings.

    `retention_ms` is how long a message stays; a compacted topic keeps the last message of
    each key for ever, and there it is how long a tombstone can still be seen.
    """

    name: str
    about: str
    key: str
    """What the key of a record is made of, such as ``school/learner``."""
    carries: tuple[str, ...]
    """Declared names of the types on it; a dead-letter topic carries whatever came."""
    partitions: int = PARTITIONS
    cleanup: Literal["delete", "compact"] = "delete"
    retention_ms: int = 7 * _DAY_MS
    max_message_bytes: int = _MIB

    def config(self) -> dict[str, str]:
        """The topic's settings as Kafka names them, for its creation."""
        kept = "retention.ms" if self.cleanup == "delete" else "delete.retention.ms"
        return {
            "cleanup.policy": self.cleanup,
            kept: str(self.retention_ms),
            "max.message.bytes": str(self.max_message_bytes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSpec:
    """A part that receives from or sends to Kafka."""

    name: str
    about: str
    group: str | None = None
    """Its consumer group; none: it consumes nothing."""
    consumes: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    answers_on: str | None = None
    """The topic on which each message that it consumes is answered."""
    sends_only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Topic → types, where it sends some types of that topic and not all."""


# What Coursemark writes by itself may be large: a dead letter wraps an oversize message, a
# result lists the events of a whole course, a structure's event is larger than the structure.
_WRITTEN_BY_US = 16 * _MIB


def _dead(topic: str) -> TopicSpec:
    return TopicSpec(
        name=topics.dead(topic),
        about=f"What came on {topic} and could not be handled: its bytes as they came, with the "
        "error and its origin in headers.",
        key="as the message that could not be handled",
        carries=(),
        partitions=1,  # few messages, and a person reads them in one order
        retention_ms=90 * _DAY_MS,
        max_message_bytes=_WRITTEN_BY_US,
    )


_TOPICS = (
    TopicSpec(
        name=topics.COMMANDS,
        about="What producers ask for; each command is answered on coursemark.results.v1.",
        key="school/learner; school/operation for commands about many learners",
        carries=tuple(registry.ASKED),
    ),
    TopicSpec(
        name=topics.RESULTS,
        about="One result per command; the same command gets the same result again.",
        key="as the command",
        carries=tuple(registry.RESULTS),
        max_message_bytes=_WRITTEN_BY_US,
    ),
    TopicSpec(
        name=topics.EVENTS,
        about="Every event, for each key in the order of its streams; the ce_id is stable.",
        key="school/learner; school/~courses for the structure of a course, school/~programs for a "
        "learning programme's",
        carries=tuple(registry.EVENTS),
        retention_ms=30 * _DAY_MS,
        max_message_bytes=_WRITTEN_BY_US,
    ),
    TopicSpec(
        name=topics.PROGRESS,
        about="The latest progress of each learner in each course; a tombstone on erasure.",
        key="school/learner/course",
        carries=tuple(registry.PROGRESS),
        cleanup="compact",
        max_message_bytes=_WRITTEN_BY_US,
    ),
    TopicSpec(
        name=topics.WEBHOOKS,
        about="One message for each event that a webhook endpoint may ask for; ids, no names.",
        key="school/learner",
        carries=tuple(registry.WEBHOOKS),
    ),
    TopicSpec(
        name=topics.ZAPIER,
        about="The same for Zapier, flat.",
        key="school/learner",
        carries=tuple(registry.ZAPIER),
    ),
    TopicSpec(
        name=topics.NOTIFICATIONS,
        about="Completion e-mails that a command asked for (M5); notices for administrators.",
        key="school/learner; school for a notice to its administrators",
        carries=tuple(registry.NOTIFICATIONS),
    ),
    TopicSpec(
        name=topics.CATALOG,
        about="Course structures and learning programmes, as a school's authoring system "
        "publishes them.",
        key="school/course; school/~programs/program for a learning programme",
        carries=tuple(registry.CATALOG),
        cleanup="compact",
        max_message_bytes=4 * _MIB,  # 10,000 activities, the most a course has, with long titles
    ),
    TopicSpec(
        name=topics.DIRECTORY,
        about="Schools with their plans, users with their roles; a tombstone erases.",
        key="school for a school; school/user for a user",
        carries=tuple(registry.DIRECTORY),
        cleanup="compact",
    ),
    TopicSpec(
        name=topics.OPERATIONS,
        about="How far each operation has come, as it goes on; the last report of a key stays, but "
        "of a preview: a tombstone follows when it is forgotten.",
        key="school/operation",
        carries=tuple(registry.OPERATIONS),
        cleanup="compact",
    ),
    *map(_dead, topics.CONSUMED),
)

TOPICS: Mapping[str, TopicSpec] = MappingProxyType({topic.name: topic for topic in _TOPICS})
"""Every topic by its name."""

_PARTS = (
    PartSpec(
        name="command-worker",
        about="Carries out commands: decides, appends the events, answers each with a result.",
        group="coursemark.command-worker",
        consumes=(topics.COMMANDS,),
        produces=(topics.RESULTS, topics.dead(topics.COMMANDS)),
        answers_on=topics.RESULTS,
    ),
    PartSpec(
        name="reference-data",
        about="Puts course structures and learning programmes into the log, schools and users "
        "into tables.",
        group="coursemark.reference-data",
        consumes=(topics.CATALOG, topics.DIRECTORY),
        produces=(topics.dead(topics.CATALOG), topics.dead(topics.DIRECTORY)),
    ),
    PartSpec(
        name="publisher",
        about="Follows the log and sends to Kafka: every event, the latest progress, and what "
        "webhooks, Zapier and e-mail want of them; asks for the courses of a new structure to be "
        "worked out anew (B9).",
        produces=(
            topics.EVENTS,
            topics.PROGRESS,
            topics.WEBHOOKS,
            topics.ZAPIER,
            topics.NOTIFICATIONS,
            topics.COMMANDS,
        ),
        sends_only={
            topics.COMMANDS: (registry.name_of(EvaluateCourse),),
            topics.NOTIFICATIONS: (registry.name_of(CompletionNotice),),
        },
    ),
    PartSpec(
        name="operations",
        about="Carries out operations, chunk by chunk, and reports how far each has come (B6).",
        produces=(topics.OPERATIONS,),
    ),
    PartSpec(
        name="api",
        about="Takes commands over HTTP and sends them on (M4).",
        produces=(topics.COMMANDS,),
        sends_only={
            topics.COMMANDS: tuple(
                name for name in registry.ASKED if name != registry.name_of(EvaluateCourse)
            )
        },
    ),
    PartSpec(
        name="webhook-dispatcher",
        about="Delivers webhooks and Zaps to the endpoints that ask for them (B11).",
        group="coursemark.webhook-dispatcher",
        consumes=(topics.WEBHOOKS, topics.ZAPIER),
        produces=(
            topics.NOTIFICATIONS,
            topics.dead(topics.WEBHOOKS),
            topics.dead(topics.ZAPIER),
        ),
        sends_only={topics.NOTIFICATIONS: (registry.name_of(EndpointDisabled),)},
    ),
    PartSpec(
        name="mailer",
        about="Sends completion e-mails, at most one for an attempt (M5).",
        group="coursemark.mailer",
        consumes=(topics.NOTIFICATIONS,),
        produces=(topics.dead(topics.NOTIFICATIONS),),
    ),
)

PARTS: Mapping[str, PartSpec] = MappingProxyType({part.name: part for part in _PARTS})
"""Every part that speaks Kafka by its name; the others know only the database."""
