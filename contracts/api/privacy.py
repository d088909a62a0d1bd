"""Erasures of persons: what there was of them, what was done, and what is left for how long."""

from typing import Literal

from pydantic import Field

from ..fields import Instant, Label
from ..model import Contract

Step = Literal["recorded", "topics", "answers", "files", "ended", "under_way"]


class ErasePerson(Contract):
    """Why somebody is erased."""

    reason: Label = Field(
        "request", description="Such as a request's number; kept for good, no personal data."
    )


class Erasure(Contract):
    """On whose word somebody was erased, why and when."""

    user: str
    actor: str = Field(description="The first one; ~NAME: whoever ran the command there.")
    reason: str
    begun_at: Instant
    ended_at: Instant | None = Field(None, description="None: it has to be asked for again.")


class Erasures(Contract):
    """A school's erasures, the newest first."""

    erasures: tuple[Erasure, ...]


class Held(Contract):
    """How much there was of the person before."""

    directory: bool
    courses: int
    events: int
    mails: int
    mails_waiting: int
    mails_under_way: int
    suppressed: bool = Field(description="They wanted no e-mails.")
    deliveries: int
    answers: int = Field(description="What receivers of webhooks answered.")
    operation_rows: int
    notes: int


class HeldOfPerson(Contract):
    """What an erasure would find; ``erasure``: where there was one, or one has begun."""

    held: Held
    erasure: Erasure | None = None


class StepDone(Contract):
    """A step, and how many it was about."""

    step: Step
    number: int


class Left(Contract):
    """What could not be erased at once."""

    where: str
    what: str
    until: str


class Erased(Contract):
    """An erasure, or the same once more; ``saved_searches`` may name the person by their words."""

    erasure: Erasure
    found: Held
    steps: tuple[StepDone, ...]
    left: tuple[Left, ...]
    saved_searches: tuple[str, ...]
