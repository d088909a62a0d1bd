"""What the LearnWorlds-compatible face answers and takes.

Fields and their meaning are those of LearnWorlds' API v2, with what Coursemark adds beside them.
A field without a value is there as ``null``, and a number without a fraction has no dot.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from ..fields import MAX_ACTIVITIES, ActivityId, Id, Text
from ..model import Contract
from ..progress import Status
from ..results import Code


def _without_dot(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[int | float, BeforeValidator(_without_dot)]
UnixSeconds = Annotated[int, Field(description="Unix seconds.")]
Units = Annotated[
    tuple[ActivityId, ...],
    Field(max_length=MAX_ACTIVITIES, description="Ids of activities; empty: the whole course."),
]


class Compatible(Contract):
    """A message whose fields without a value are ``null``."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    def to_json(self) -> bytes:
        """The message as UTF-8 JSON."""
        return self.__pydantic_serializer__.to_json(self, by_alias=True)


class CompletionAsked(Compatible):
    """What is to be marked complete."""

    send_course_complete_email: bool = Field(description="There is no default (M5).")
    units: Units


class ResetAsked(Compatible):
    """What is to be reset."""

    units: Units


class JobTaken(Compatible):
    """What was asked for is under way."""

    async_: bool = Field(alias="async", description="False: it has come to its end already.")
    job_id: str = Field(description="Of the job, to be read at /admin/api/v2/jobs/ID.")


class SkippedUnit(Compatible):
    """An activity that was named and left as it was."""

    unit_id: str
    code: Code


class Job(JobTaken):
    """What has become of a job; Coursemark's own shape, LearnWorlds has none."""

    status: Literal["pending", "completed", "failed"]
    error: str | None = Field(description="Of one that failed: what happened, and what to do.")
    code: str | None = Field(description="Of one that failed; stable.")
    skipped: tuple[SkippedUnit, ...] = ()


class ProductAsked(Compatible):
    """A course, or a learning programme, which LearnWorlds calls a bundle too."""

    product_id: Id = Field(alias="productId")
    product_type: Literal["course", "bundle", "subscription"] = Field(alias="productType")


class EnrollmentAsked(ProductAsked):
    """An enrolment; what else LearnWorlds takes is taken, and nothing follows from it."""

    justification: Text | None = Field(None, description="The note of an enrolment in a bundle.")
    price: float | str | None = Field(None, description="Nothing follows from it.")
    send_enrollment_email: bool | None = Field(
        None, description="Nothing follows from it: Coursemark sends no e-mail for an enrolment."
    )


class Enrolled(Compatible):
    """What became of an enrolment; ``error`` says why it was not successful."""

    success: bool
    job_id: str
    error: str | None = None


class UnitProgress(Compatible):
    """A learner in an activity."""

    unit_section_name: str
    unit_id: str
    unit_name: str
    unit_type: str
    unit_status: Literal["completed", "not_completed"]
    unit_duration: int | None = Field(description="None: Coursemark does not know it.")
    time_on_unit: int = Field(description="Seconds in this attempt.")
    score_on_unit: Annotated[int, Field(ge=0, le=100)] | None = Field(
        description="0 to 100, to the nearest whole number."
    )
    unit_progress_rate: int = Field(ge=0, le=100, description="0, or 100 of one that is complete.")


class SectionProgress(Compatible):
    """A learner in the activities of a section, in order."""

    section_id: str
    units: tuple[UnitProgress, ...]


class UserProgress(Compatible):
    """A learner in a course."""

    course_id: str
    status: Status
    progress_rate: Number = Field(description="Required activities complete, in per cent.")
    average_score_rate: Number = Field(description="0 to 100; 0 where nothing has a score.")
    time_on_course: int = Field(description="Seconds in this attempt.")
    total_units: int
    completed_units: int
    completed_at: UnixSeconds | None
    progress_per_section_unit: tuple[SectionProgress, ...]


class Meta(Compatible):
    """Which page of how many."""

    page: int
    total_items: int = Field(alias="totalItems", description="Of all pages.")
    total_pages: int = Field(alias="totalPages")
    items_per_page: int = Field(alias="itemsPerPage")


class UserProgressPage(Compatible):
    """A page of a learner's courses, in order of their ids."""

    data: tuple[UserProgress, ...]
    meta: Meta


class Drip(Compatible):
    """When a section opens; there is no e-mail about it."""

    type: Literal["days", "date"]
    days: int | None = Field(description="After the enrolment.")
    date: UnixSeconds | None
    notify: bool = False
    subject: str | None = None
    body: str | None = None


class LearningUnit(Compatible):
    """An activity."""

    type: str
    id: str
    icon: str
    title: str
    subtitle: str = ""


class ContentSection(Compatible):
    """A section; ``access``: for whom is enrolled."""

    id: str
    title: str
    description: str | None = None
    access: Literal["private"] = "private"
    drip: Drip | None
    learning_units: tuple[LearningUnit, ...] = Field(alias="learningUnits")


class CourseContent(Compatible):
    """A course's sections and activities, in order."""

    id: str
    title: str
    sections: tuple[ContentSection, ...]


class ErrorEntry(Compatible):
    """What is wrong; ``context`` is Coursemark's stable code."""

    code: str = Field(description="The status.")
    context: str
    message: str


class Errors(Compatible):
    """The answer where a request or its token is refused: 400, 401, 403."""

    errors: tuple[ErrorEntry, ...]
    success: Literal[False] = False


class ErrorText(Compatible):
    """The answer to every other error; ``code`` is Coursemark's own, and stable."""

    error: str
    code: str
