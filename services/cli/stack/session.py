"""An API as the commands ask it: with a token, which is of one school."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from contracts.api.users import LONGEST_NAME, MAX_NAMES, FoundUser
from contracts.client import AsyncClient, ClientError, ProblemError
from contracts.client.retrying import FAULT, worth_again
from contracts.fields import ID_PATTERN
from services.cli import errors

if TYPE_CHECKING:
    from contracts.api.me import Me

T = TypeVar("T")
NOT_FOUND = 404
PAGE = 200


class ForeignSchoolError(errors.CommandError):
    """``foreign_school``: the token is of another school than the one that is named."""

    code = "foreign_school"
    exit_code = errors.USAGE


class Session:
    """The client, and whose token it has."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self._me: Me | None = None

    async def check(self, school: str) -> None:
        """Whether the token is of that school: reads are of the token's own.

        Raises:
            ForeignSchoolError: it is of another.
        """
        me = await self.me()
        if me.school != school:
            raise ForeignSchoolError(
                f"The token is of {me.school}; name that school, or use a token of {school}."
            )

    async def me(self) -> "Me":
        """Whose token it is."""
        if self._me is None:
            self._me = await self.client.me()
        return self._me

    async def of_another(self, actor: str) -> str | None:
        """What is to be said where the token does not ask in the name of that user."""
        user = (await self.me()).actor
        if user == actor:
            return None
        if user is None:
            return f"The token is of no user; use a token of {actor}."
        return (
            f"The token asks in the name of {user}, not of {actor}; name {user}, or use a token of "
            f"{actor}."
        )

    async def found(self, names: Sequence[str]) -> list[FoundUser]:
        """Of whom the school has; a name that no user can have is not asked for."""
        found: list[FoundUser] = []
        fit = [it for it in names if 0 < len(it) <= LONGEST_NAME and "\0" not in it]
        for start in range(0, len(fit), MAX_NAMES):
            some = await self.client.find_users(fit[start : start + MAX_NAMES])
            found += some.users
        return found


def may_be_done(error: ClientError) -> bool:
    """Whether what was asked for may be done, or be under way, all the same."""
    if not isinstance(error, ProblemError):
        return True
    return error.status >= FAULT or worth_again(error.status, error.code, again=True)


def can_be_ids(*ids: str | None) -> bool:
    """Whether something can have each of these ids: an API refuses to look for what is none."""
    return all(it is None or re.fullmatch(ID_PATTERN, it) for it in ids)


async def first(items: AsyncIterator[T], number: int) -> list[T]:
    """So many of them, or all where there are fewer; asks for no page that is not needed."""
    found: list[T] = []
    if number:
        async for it in items:
            found.append(it)
            if len(found) == number:
                break
    return found
