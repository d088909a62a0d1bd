"""Topics and keys, declared once."""

from typing import NamedTuple

COMMANDS = "coursemark.commands.v1"
RESULTS = "coursemark.results.v1"
EVENTS = "coursemark.events.v1"
PROGRESS = "coursemark.progress.v1"
WEBHOOKS = "coursemark.webhooks.v1"
ZAPIER = "coursemark.zapier.v1"
NOTIFICATIONS = "coursemark.notifications.v1"
OPERATIONS = "coursemark.operations.v1"
CATALOG = "coursemark.catalog.v1"
DIRECTORY = "coursemark.directory.v1"

CONSUMED = (COMMANDS, CATALOG, DIRECTORY, WEBHOOKS, ZAPIER, NOTIFICATIONS)
COMPACTED = frozenset({PROGRESS, CATALOG, DIRECTORY, OPERATIONS})
COURSES = "~courses"
PROGRAMS = "~programs"
RECERTIFICATION = "~recertification"


def dead(topic: str) -> str:
    """The dead-letter topic of a consumed topic: ``<name>.dead.v1``.

    >>> dead("coursemark.commands.v1")
    'coursemark.commands.dead.v1'
    """
    return f"{topic.removesuffix('.v1')}.dead.v1"


def learner_key(school: str, learner: str) -> str:
    """The key of commands, results and events: one learner's history stays in order."""
    return f"{school}/{learner}"


def operation_key(school: str, operation: str) -> str:
    """The key of an operation's commands, of their results and of its reports."""
    return f"{school}/{operation}"


class Stream(NamedTuple):
    """A stream's name, ``school/learner/course``."""

    school: str
    learner: str
    course: str

    def __str__(self) -> str:
        return f"{self.school}/{self.learner}/{self.course}"

    @classmethod
    def parse(cls, name: str) -> "Stream":
        """Read a stream's name back.

        Raises:
            ValueError: the name has not three parts.
        """
        school, learner, course = name.split("/")
        return cls(school, learner, course)

    @property
    def is_course(self) -> bool:
        """True of the stream of a course's structures, ``school/~courses/course``."""
        return self.learner == COURSES


def course_stream(school: str, course: str) -> str:
    """The stream of a course's structures."""
    return f"{school}/{COURSES}/{course}"


def program_stream(school: str, program: str) -> str:
    """The stream of a learning programme's structures, and its key on the catalog's topic."""
    return f"{school}/{PROGRAMS}/{program}"


def awards_stream(school: str, learner: str) -> str:
    """The stream of the learning programmes that a learner has completed."""
    return f"{school}/{learner}/{PROGRAMS}"


def recertification_stream(school: str, learner: str) -> str:
    """The stream of what a learner was told has to be done again."""
    return f"{school}/{learner}/{RECERTIFICATION}"


def event_id(stream: str, version: int) -> str:
    """An event's id outside: stable however often it is published."""
    return f"{stream}@{version}"
