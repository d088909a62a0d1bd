"""What views say of a learner, in the shapes of the API."""

from contracts.api.learners import (
    CourseCard,
    LearnerActivity,
    LearnerAttempt,
    LearnerCourse,
    LearnerProgram,
    LearnerSection,
    LoggedEvent,
    Person,
    Renewal,
)
from services.store import people
from services.views.cards import card
from services.views.events_log import Entry
from services.views.lines import AttemptLine, CourseLine
from services.views.programs import LearnerProgramLine


def person(of: people.Person | None) -> Person | None:
    """A user, none whom the directory does not know."""
    return None if of is None else Person(**of._asdict() | {"tags": tuple(of.tags)})


def course(line: CourseLine) -> LearnerCourse:
    """Where the learner stands."""
    return LearnerCourse(**line._asdict())


def course_card(it: card.CourseCard) -> CourseCard:
    """The same with activities, attempts and what is due."""
    structure = None if it.course is None else it.course.structure
    sections = () if structure is None else structure.sections
    return CourseCard(
        **it.line._asdict(),
        title=None if structure is None else structure.title,
        access=None if structure is None else structure.access,
        sections=tuple(LearnerSection(section=s.section, title=s.title) for s in sections),
        activities=tuple(map(_activity, it.activities)),
        attempts=tuple(map(attempt, it.attempts)),
        due=None if it.due is None else _renewal(it.due),
    )


def attempt(line: AttemptLine) -> LearnerAttempt:
    """An earlier attempt."""
    return LearnerAttempt(**line._asdict())


def program(line: LearnerProgramLine) -> LearnerProgram:
    """A learning programme."""
    return LearnerProgram(**line._asdict() | {"missing": tuple(line.missing)})


def logged(entry: Entry) -> LoggedEvent:
    """An entry of the events log."""
    fields = entry._asdict() | {"position": str(entry.position)}
    if entry.activities is not None:
        fields["activities"] = tuple(entry.activities)
    return LoggedEvent(**fields)


def _activity(it: card.ActivityCard) -> LearnerActivity:
    about = it.about
    return LearnerActivity(
        **({} if it.line is None else it.line._asdict()) | {"activity": it.activity},
        section=None if it.section is None else it.section.section,
        title=None if about is None else about.title,
        type=None if about is None else about.type,
        required=None if about is None else about.required,
        in_course=about is not None,
        locked=it.locked,
    )


def _renewal(it: card.DueCard) -> Renewal:
    return Renewal(due_at=it.at, schedule=it.schedule, overdue=it.overdue)
