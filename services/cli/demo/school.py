"""Riverside, made up: its people, whose names stand in the directory alone, and its courses."""

from contracts.catalog import (
    Activity,
    CompletionRules,
    CourseStructure,
    LearningProgram,
    ProgramCourse,
    Section,
)
from contracts.directory import School, User
from contracts.fields import RoleLevel

RIVERSIDE, HILLSIDE, LAKESIDE = "riverside", "hillside", "lakeside"
MARIA, TOM, INES = "u-7", "u-31", "u-8"
NADIA, BEN, AIKO, LUCA, PRIYA, SOL = "u-1204", "u-1205", "u-1206", "u-1207", "u-1208", "u-1209"
EDITH, OMAR = "h-1", "l-1"
BIOLOGY, FIRST_AID, SAILING = "biology-1", "first-aid", "sailing"


def _user(
    user: str,
    name: str,
    level: RoleLevel = "user",
    role: str | None = None,
    school: str = RIVERSIDE,
) -> User:
    email = f"{name.split(maxsplit=1)[0].lower()}@{school}.example"
    return User(school=school, user=user, role_level=level, role=role, name=name, email=email)


PEOPLE = (
    School(school=RIVERSIDE, plan="learning_center", name="Riverside Academy"),
    _user(MARIA, "Maria Okafor", "admin", "Registrar"),
    _user(TOM, "Tom Lindqvist", "instructor"),
    _user(NADIA, "Nadia Haddad"),
    _user(BEN, "Ben Castellanos"),
    _user(AIKO, "Aiko Tanabe"),
    _user(LUCA, "Luca Moretti"),
    _user(PRIYA, "Priya Raman"),
    _user(SOL, "Sol Jensen"),
    School(school=HILLSIDE, plan="free_trial", name="Hillside School"),
    _user(EDITH, "Edith Vance", "admin", school=HILLSIDE),
    School(school=LAKESIDE, plan="starter", name="Lakeside College"),
    _user(OMAR, "Omar Reyes", "admin", school=LAKESIDE),
)
CLASS = tuple(f"e-{number:04}" for number in range(1, 1_201))
LIFEGUARDS = tuple(f"g-{number:02}" for number in range(1, 41))
NEWCOMERS = (
    *(User(school=RIVERSIDE, user=name) for name in (*CLASS, *LIFEGUARDS)),
    _user(INES, "Ines Duarte", "admin", "Head of studies"),
)
"""An evening class, lifeguards, and a second administrator."""


def _activity(
    id_: str,
    title: str,
    type_: str = "video",
    *,
    required: bool = True,
    rules: CompletionRules = CompletionRules(visited=True),  # noqa: B008 - immutable
) -> Activity:
    return Activity(activity=id_, title=title, type=type_, required=required, rules=rules)


def _biology(version: int, *added: Activity) -> CourseStructure:
    """Free access; required and optional activities, and an exam."""
    first = (
        _activity("welcome", "Welcome"),
        _activity("cells", "Cells, a reader", "text", required=False),
    )
    practice = (
        _activity("quiz", "Quiz", "form", rules=CompletionRules(passed=60)),
        _activity("lab", "Virtual lab", "scorm", rules=CompletionRules(min_time=600)),
    )
    claimed = CompletionRules(claimed=True)
    last = (
        _activity("exam", "Final exam", "exam", rules=CompletionRules(passed=50)),
        _activity("certificate", "Certificate", "certificate", rules=claimed, required=False),
        *added,
    )
    return CourseStructure(
        school=RIVERSIDE,
        course=BIOLOGY,
        version=version,
        title="Biology 1",
        sections=(
            Section(section="first", title="First steps", activities=first),
            Section(section="practice", title="Practice", activities=practice),
            Section(section="last", title="Finish", activities=last),
        ),
    )


def _first_aid(version: int, *more: Activity) -> CourseStructure:
    """Sequential: each activity opens when all before it are complete."""
    films = (
        _activity("signs", "Vital signs"),
        _activity("breathing", "Breathing"),
        _activity("bandages", "Bandages"),
    )
    return CourseStructure(
        school=RIVERSIDE,
        course=FIRST_AID,
        version=version,
        title="First aid",
        access="sequential",
        sections=(Section(section="films", activities=films + more),),
    )


BIOLOGY_1 = _biology(1)
BIOLOGY_2 = _biology(2, _activity("essay", "Essay", "form", rules=CompletionRules(submitted=True)))
"""With an essay that is required from now on."""
FIRST_AID_1 = _first_aid(
    1, _activity("practical", "Practical", "live_session", rules=CompletionRules(joined=True))
)
FIRST_AID_2 = _first_aid(2)
"""Without the practical."""
SAILING_1 = CourseStructure(
    school=RIVERSIDE,
    course=SAILING,
    version=1,
    title="Sailing",
    access="drip_feed",
    sections=(
        Section(section="ashore", activities=(_activity("knots", "Knots", "text"),)),
        Section(
            section="afloat", opens_after_days=7, activities=(_activity("harbour", "Harbour"),)
        ),
    ),
)
"""Drip-fed: the second section opens seven days after enrolment."""
RESPONDER = LearningProgram(
    school=RIVERSIDE,
    program="responder",
    version=1,
    title="First responder",
    courses=(ProgramCourse(course=FIRST_AID), ProgramCourse(course=SAILING)),
)
"""A learning programme of both."""
