"""Reports of a whole school, kept in this process until a view that they come from moves.

To count one takes PostgreSQL up to a hundred times as long as to say where its views stand.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import NamedTuple
from weakref import WeakValueDictionary

import asyncpg
from starlette.requests import Request
from starlette.responses import Response

from contracts.model import Contract
from services.api.web.answers import of_bytes
from services.store.cursors import Stand, stands

MOST = 16 * 1024**2
"""Bytes of all that are kept; what was asked for longest ago goes first."""


class Question(NamedTuple):
    """What was asked: the school, and the path with its query as it was written."""

    school: str
    path: str
    query: str


class Answer(NamedTuple):
    """``stand``: where each of its views stood before it was counted."""

    stand: Mapping[str, Stand]
    body: bytes


class Counted:
    """The answers; ``pool`` reaches the cursors of the views."""

    def __init__(self, pool: asyncpg.Pool, most: int = MOST) -> None:
        self._pool = pool
        self._most = most
        self._kept: OrderedDict[Question, Answer] = OrderedDict()
        self._size = 0
        self._turns: WeakValueDictionary[Question, asyncio.Lock] = WeakValueDictionary()

    async def answer(
        self,
        request: Request,
        school: str,
        views: Collection[str],
        count: Callable[[], Awaitable[Contract]],
    ) -> Response:
        """What the request asks of the school, as it is kept or counted now."""
        question = Question(school, request.url.path, request.url.query)
        return of_bytes(await self.body(question, views, count), request)

    async def body(
        self,
        question: Question,
        views: Collection[str],
        count: Callable[[], Awaitable[Contract]],
    ) -> bytes:
        """The message, counted where a view has moved since it was.

        Of those who ask at once, one counts. It is never older than its views were when it was
        asked for.
        """
        stand = await stands(self._pool, views)
        turn = self._turns.setdefault(question, asyncio.Lock())
        async with turn:
            kept = self._kept.get(question)
            if kept is None or kept.stand != stand:
                kept = Answer(stand, (await count()).to_json())
                self._keep(question, kept)
            else:
                self._kept.move_to_end(question)
        return kept.body

    def _keep(self, question: Question, answer: Answer) -> None:
        before = self._kept.pop(question, None)
        self._kept[question] = answer
        self._size += len(answer.body) - (0 if before is None else len(before.body))
        while self._size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.body)
