"""What ``coursemark privacy`` needs of a Coursemark."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from services.cli import errors

if TYPE_CHECKING:
    from services.privacy.erasing import Done
    from services.privacy.holdings import Holdings
    from services.privacy.remaining import Remaining
    from services.privacy.who import Who
    from services.store.erasures import Erasure


class NotPermittedError(errors.CommandError):
    """``not_permitted``: the actor is no administrator of the school, or not the token's user."""

    code = "not_permitted"


class Left(NamedTuple):
    """After an erasure: its record, what could not be erased, searches that may name the person."""

    record: "Erasure | None"
    remaining: "Sequence[Remaining]"
    searches: Sequence[str]


class Erasing(Protocol):
    """An erasure before it begins: nothing is changed until ``steps`` are taken."""

    @property
    def holdings(self) -> "Holdings":
        """What there is of the person."""

    @property
    def before(self) -> "Erasure | None":
        """An earlier erasure of theirs."""

    def steps(self) -> "AsyncGenerator[Done]":
        """Erase; each step is told of when it is durable."""

    async def left(self) -> Left:
        """What is left, once all steps are taken."""


class Privacy(Protocol):
    """Persons of schools."""

    def exported(self, who: "Who") -> AbstractAsyncContextManager[BinaryIO]:
        """All that is held of a person, as one JSON document.

        Raises:
            UnknownPersonError: there is nothing, and nobody was erased under the id.
        """

    def erasing(
        self, who: "Who", actor: str | None, reason: str
    ) -> AbstractAsyncContextManager[Erasing]:
        """An erasure of whom there is; ``actor``: on whose word, none: whoever asks.

        Raises:
            UnknownPersonError: there is nothing, and nobody was erased under the id.
            NotPermittedError: the actor may not.
        """

    async def erasures(self, school: str) -> "Sequence[Erasure]":
        """A school's erasures, the first one first."""
