"""The kinds of value that messages are made of, with their units and limits."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
)

# U+FEFF is white space in ECMA-262, whose patterns JSON Schema uses, and in no other dialect.
ID_PATTERN = r"^[^\s/~\x00-\x1f\x7f-\x9f\ufeff][^\s/\x00-\x1f\x7f-\x9f\ufeff]{0,127}$"
ID_RULE = (
    "1 to 128 characters; no '/', white space or control character; "
    "does not begin with '~' (those names are Coursemark's own)"
)
COMMAND_ID_PATTERN = r"^[\x21-\x7e]{1,128}$"
COMMAND_ID_RULE = "1 to 128 printable ASCII characters without spaces, a UUID for instance"
NO_NUL_PATTERN = r"^[^\x00]*$"
EMAIL_PATTERN = r"^[^\s\x00]+@[^\s\x00]+$"
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
WALL_CLOCK_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_ACTIVITIES = 1_000
"""In one command; a whole course may have more."""
MAX_COURSE_ACTIVITIES = 10_000
MAX_PROGRAM_COURSES = 1_000

Id = Annotated[str, Field(pattern=ID_PATTERN, description=f"{ID_RULE}.")]
SchoolId = Id
LearnerId = Id
CourseId = Id
ProgramId = Id
ActivityId = Id
SectionId = Id
UserId = Id
CommandId = Annotated[
    str,
    Field(
        pattern=COMMAND_ID_PATTERN,
        description=f"Chosen by the producer, unique within a school: {COMMAND_ID_RULE}.",
    ),
]
Text = Annotated[
    str,
    StringConstraints(max_length=2_000, pattern=NO_NUL_PATTERN),
    Field(description="Free text, at most 2,000 characters, no NUL."),
]
Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=NO_NUL_PATTERN),
    Field(description="A title or a name, 1 to 200 characters, no NUL."),
]
Language = Annotated[
    str,
    Field(pattern=LANGUAGE_PATTERN, description="A language tag such as en or pt-BR (BCP 47)."),
]
Email = Annotated[
    str,
    StringConstraints(min_length=3, max_length=320, pattern=EMAIL_PATTERN),
    Field(description="An e-mail address, 3 to 320 characters, one at least on each side of @."),
]


def _written_out(value: object) -> object:
    # Digits alone would be read as Unix seconds: "20240501" as a day in 1970.
    if isinstance(value, datetime) or (isinstance(value, str) and ":" in value):
        return value
    raise ValueError("an instant is written as 2024-05-01T09:30:00Z")


def _in_utc(instant: datetime) -> datetime:
    try:
        moment = instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("an instant lies in the years 1970 to 9999, in UTC too") from None
    if moment < EPOCH:
        raise ValueError("an instant lies in or after 1970; send the day it happened")
    return moment


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_out),  # from here on a Python str, which strict would refuse
    AfterValidator(_in_utc),
    Field(
        strict=False,
        description="An instant with a time zone, ISO 8601, in or after 1970; kept in UTC.",
    ),
]
WallClock = Annotated[
    datetime,
    Field(strict=False),
    # No format of JSON Schema is a time without an offset: its date-time is RFC 3339's.
    WithJsonSchema(
        {
            "type": "string",
            "pattern": WALL_CLOCK_PATTERN,
            "examples": ["2027-01-01T02:00:00"],
        }
    ),
]
Score = Annotated[float, Field(ge=0, le=100, description="0 to 100 points.")]
Percentage = Annotated[float, Field(ge=0, le=100, description="0 to 100 per cent.")]
Seconds = Annotated[int, Field(ge=1, le=86_400, description="Whole seconds, 1 to 86,400 (a day).")]
Attempt = Annotated[
    int,
    Field(ge=1, description="Counts from 1; a reset of the whole course opens the next (R4)."),
]
StructureVersion = Annotated[
    int,
    Field(ge=0, le=2**53, description="Version of the course structure; 0 where none was known."),
]
Provenance = Annotated[
    Literal["earned", "manual", "imported", "waived"],
    Field(
        description="How it was completed: by the learner (earned), by an administrator (manual), "
        "elsewhere before (imported), or let off (waived)."
    ),
]
Reason = Annotated[
    Literal[
        "tested_out",
        "equivalent_activity",
        "equivalent_outside_activity",
        "administrative",
        "migration",
    ],
    Field(description="Why an administrator did it, in the words of cmi5 and migration (B3)."),
]
Source = Annotated[
    Literal["console", "api", "kafka", "import", "rule"],
    Field(description="Where the command came from; rule: Coursemark itself (B3)."),
]
RoleLevel = Literal["admin", "instructor", "reporter", "seat_manager", "user"]
