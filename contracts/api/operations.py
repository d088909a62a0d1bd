"""Operations and their rows (B6)."""

from typing import Literal

from pydantic import Field, JsonValue

from ..model import Contract
from ..operations import OperationReported
from ..results import Effects

RowOutcome = Literal["skipped", "failed", "previewed"]


class Operations(Contract):
    """Operations of the school, the newest first."""

    operations: tuple[OperationReported, ...]


class OperationShown(OperationReported):
    """How an operation stands; of a preview also what would be sent."""

    effects: Effects | None = Field(None, description="Of a dry run: what would be sent (B5).")


class SentMessages(Contract):
    """Messages of one kind; ``whom``: an endpoint's URL, or a learning programme."""

    way: str = Field(description="webhook, zapier, e-mail or learning programme.")
    whom: str
    trigger: str
    state: str
    number: int


class Sent(Contract):
    """What was sent because of a command or an operation; an undo takes none of it back (B7)."""

    sent: tuple[SentMessages, ...]


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
