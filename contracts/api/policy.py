"""What a school asks of its administrators beyond the rules that all schools have (B3, B4)."""

from typing import Annotated

from pydantic import Field

from ..fields import Reason
from ..model import Contract

Limit = Annotated[int, Field(ge=0, le=2**31 - 1)]


class SchoolPolicy(Contract):
    """A limit of none is no limit."""

    max_backdating_days: Limit | None = Field(
        None, description="How far back a mark or a reset may lie."
    )
    max_import_backdating_days: Limit | None = Field(
        None, description="How far back an imported completion may lie."
    )
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1, max_length=20)] | None = Field(
        None, description="Those that may be given; none: any."
    )
    note_required: bool = Field(False, description="Every administrator's command needs one.")
    four_eyes_above: Limit | None = Field(
        None, description="Operations that complete more learners wait for a second administrator."
    )
