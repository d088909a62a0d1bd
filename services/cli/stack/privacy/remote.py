"""Persons by an API, on the word of the token's user."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from typing import BinaryIO

from contracts.api import privacy as told
from contracts.client import AsyncClient, ProblemError
from services.cli.stack.privacy.port import Left, NotPermittedError
from services.cli.stack.session import NOT_FOUND, PAGE, Session
from services.privacy.erasing import Done
from services.privacy.holdings import Holdings
from services.privacy.remaining import Remaining
from services.privacy.who import UnknownPersonError, Who
from services.store.erasures import Erasure


class RemotePrivacy:
    """A ``Privacy``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    @asynccontextmanager
    async def exported(self, who: Who) -> AsyncIterator[BinaryIO]:
        """Once it is here whole."""
        await self._session.check(who.school)
        try:
            document = await self._client.export_person(who.user)
        except ProblemError as error:
            raise _of(error, who) from None
        with BytesIO(document) as file:
            yield file

    @asynccontextmanager
    async def erasing(
        self, who: Who, actor: str | None, reason: str
    ) -> AsyncIterator["RemoteErasing"]:
        """On the word of the token's user: an actor who is named has to be that one."""
        await self._session.check(who.school)
        another = None if actor is None else await self._session.of_another(actor)
        if another is not None:
            raise NotPermittedError(f"{another} Nothing was changed.")
        try:
            held = await self._client.holdings_of_person(who.user)
        except ProblemError as error:
            raise _of(error, who) from None
        yield RemoteErasing(self._client, who, held, reason)

    async def erasures(self, school: str) -> Sequence[Erasure]:
        """Page by page."""
        await self._session.check(school)
        newest = [_erasure(school, it) async for it in self._client.erasures(limit=PAGE)]
        return newest[::-1]


class RemoteErasing:
    """An ``Erasing``."""

    def __init__(self, client: AsyncClient, who: Who, held: told.HeldOfPerson, reason: str) -> None:
        self._client = client
        self._who = who
        self._reason = reason
        self._erased: told.Erased | None = None
        self.holdings = Holdings(**dict(held.held))
        self.before = None if held.erasure is None else _erasure(who.school, held.erasure)

    async def steps(self) -> AsyncGenerator[Done]:
        """All of them, once the API has taken them."""
        self._erased = await self._client.erase_person(self._who.user, reason=self._reason)
        for it in self._erased.steps:
            yield Done(**dict(it))

    async def left(self) -> Left:
        """As the API told it with the steps."""
        if self._erased is None:
            raise RuntimeError("no step was taken")
        left = [Remaining(**dict(it)) for it in self._erased.left]
        record = _erasure(self._who.school, self._erased.erasure)
        return Left(record, left, self._erased.saved_searches)


def _erasure(school: str, it: told.Erasure) -> Erasure:
    return Erasure(school=school, **dict(it))


def _of(error: ProblemError, who: Who) -> Exception:
    return UnknownPersonError(who) if error.status == NOT_FOUND else error
