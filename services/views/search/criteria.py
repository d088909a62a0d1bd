"""What learners are looked for by.

All that is given has to hold. Criteria about records have to be met by one and the same record,
which is a learner in a course; those about completions by one completion of it, those about
enrolments by one enrolment. Of what is so now speak ``status``, ``progress_from``, ``progress_to``
and ``attempt``; of all that ever was speak the others about records, and no reset changes what they
find (R3). Those about people are met by the directory's record of today.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, field_validator
from pydantic_core.core_schema import ValidationInfo

from contracts.fields import CourseId, Instant, Label, Percentage, RoleLevel
from contracts.model import Contract
from contracts.problems import details, sentence
from contracts.progress import Status
from services.views.search.errors import InvalidCriteriaError

LARGEST_PAGE, USUAL_PAGE = 200, 50
"""Learners a page."""
WORDS = 8
PEOPLE: Final = frozenset({"tags", "role_level", "role", "text"})
"""The criteria about people."""
_FIRST: Final = {
    "completed_to": "completed_from",
    "enrolled_to": "enrolled_from",
    "progress_to": "progress_from",
}
"""What has to come before the end of each range."""


class Criteria(Contract):
    """What has to hold; nothing at all finds everybody."""

    model_config = ConfigDict(extra="forbid")

    course: CourseId | None = Field(None, description="Every record criterion is of this course.")
    completed_from: Instant | None = Field(
        None, description="Ever: a completion, reset since or not, achieved then or later."
    )
    completed_to: Instant | None = Field(None, description="Ever: achieved before.")
    manually_completed: bool | None = Field(
        None, description="Ever: a completion by an administrator (M6), or one by anything else."
    )
    enrolled_from: Instant | None = Field(None, description="Ever: an enrolment then or later.")
    enrolled_to: Instant | None = Field(None, description="Ever: an enrolment before.")
    status: Status | None = Field(None, description="Now.")
    progress_from: Percentage | None = Field(None, description="Now: so much or more.")
    progress_to: Percentage | None = Field(None, description="Now: so much or less.")
    attempt: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="Now: the attempt that the learner is in."
    )
    inactive_since: date | None = Field(
        None,
        description="Ever: no event of the learner's own on that day (UTC) or later: in the "
        "course if one is given, else in all of their records.",
    )
    tags: Annotated[tuple[Label, ...], Field(max_length=20)] = Field(
        (), description="The user has all of these."
    )
    role_level: RoleLevel | None = Field(None, description="The user's level.")
    role: Label | None = Field(None, description="The custom role's own name.")
    text: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] | None = Field(
        None,
        description="Words, each somewhere in the user's name or e-mail address; capitals and "
        "accents make no difference.",
    )

    @field_validator(*_FIRST)
    @classmethod
    def _in_order(cls, end: Any, info: ValidationInfo) -> Any:
        name = _FIRST[str(info.field_name)]
        start = info.data.get(name)
        if start is None or end is None or start < end:
            return end
        if start == end and not isinstance(end, datetime):
            return end
        raise ValueError(f"does not come after {name}; change places, or leave one out")

    @field_validator("text")
    @classmethod
    def _some_words(cls, text: str | None) -> str | None:
        if text is not None and not 0 < len(text.split()) <= WORDS:
            raise ValueError(f"has to be 1 to {WORDS} words")
        return text

    @property
    def given(self) -> dict[str, Any]:
        """The criteria that are given, by name."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in values.items() if value not in {None, ()}}

    @property
    def of_records(self) -> bool:
        """Whether any criterion is about records: who has none is not found then."""
        return not self.given.keys() <= PEOPLE

    @property
    def of_people(self) -> bool:
        """Whether any is about people: who is not in the directory is not found then."""
        return not self.given.keys().isdisjoint(PEOPLE)


class PageRequest(Contract):
    """How many learners, after which cursor (none: from the first)."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = USUAL_PAGE
    after: Annotated[str, Field(max_length=2_000)] | None = None


def criteria(fields: Mapping[str, Any]) -> Criteria:
    """The criteria of those fields.

    Raises:
        InvalidCriteriaError: a field is unknown or wrong, or a range ends before it begins.
    """
    _refuse_unknown(fields, Criteria)
    try:
        return Criteria(**fields)
    except ValidationError as error:
        raise InvalidCriteriaError(sentence(error), details(error)) from error


def page_request(limit: int = USUAL_PAGE, after: str | None = None) -> PageRequest:
    """The request of a page.

    Raises:
        InvalidCriteriaError: the limit is none.
    """
    try:
        return PageRequest(limit=limit, after=after)
    except ValidationError as error:
        raise InvalidCriteriaError(sentence(error), details(error)) from error


def _refuse_unknown(fields: Mapping[str, Any], model: type[Contract]) -> None:
    """A criterion that was misspelt must not find everybody."""
    unknown = sorted(fields.keys() - model.model_fields.keys())[:WORDS]
    if unknown:
        known = ", ".join(model.model_fields)
        raise InvalidCriteriaError(
            f"there is no such criterion; those that there are: {known}.",
            [{"field": name[:80], "problem": "is unknown; leave it out"} for name in unknown],
        )
