"""Operations and their rows (B6)."""

from typing import Literal

from pydantic import Field, JsonValue

from ..model import Contract
from ..operations import OperationReported

RowOutcome = Literal["skipped", "failed", "previewed"]


class Operations(Contract):
    """Operations of the school, the newest first."""

    operations: tuple[OperationReported, ...]


class OperationRow(Contract):
    """A row that has something to say; ``code`` of none: a preview that it would be done."""

    row: int = Field(description="Its place in the operation, or its line in the file.")
    learner: str
    course: str | None = None
    activity: str | None = None
    outcome: RowOutcome
    code: str | None = None
    message: str | None = None
    details: dict[str, JsonValue] = Field(description="Of a preview.")


class OperationRows(Contract):
    """A page of rows, in order."""

    rows: tuple[OperationRow, ...]
