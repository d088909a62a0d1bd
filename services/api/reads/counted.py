"""Reports of a whole school, kept in this process until a view that they come from moves.

To count one takes PostgreSQL up to a hundred times as long as to say where its views stand.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from itertools import count as numbers
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
MOST_ANSWERS = 2_000

Count = Callable[[], Awaitable[Contract]]


class Question(NamedTuple):
    """What is asked of a school; ``by``: the parameters of the path, as they were understood."""

    school: str
    path: str
    by: tuple[Hashable, ...]


class Answer(NamedTuple):
    """``stand``: where each of its views stood before it was counted.

    ``seen``: the number of the last look that found the views there.
    """

    stand: Mapping[str, Stand]
    seen: int
    body: bytes


class Counted:
    """The answers; ``pool`` reaches the cursors of the views."""

    def __init__(self, pool: asyncpg.Pool, most: int = MOST, answers: int = MOST_ANSWERS) -> None:
        self._pool = pool
        self._most = most
        self._answers = answers
        self._kept: OrderedDict[Question, Answer] = OrderedDict()
        self._size = 0
        self._turns: WeakValueDictionary[Question, asyncio.Lock] = WeakValueDictionary()
        self._numbers = numbers()

    async def answer(
        self,
        request: Request,
        school: str,
        views: Collection[str],
        by: tuple[Hashable, ...],
        count: Count,
    ) -> Response:
        """What the request asks of the school, as it is kept or counted now."""
        question = Question(school, request.url.path, by)
        return of_bytes(await self.body(question, views, count), request)

    async def body(self, question: Question, views: Collection[str], count: Count) -> bytes:
        """The message, counted where a view has moved since it was.

        Of those who wait for one at a time, one looks and counts for all. It is never older than
        its views were when it was asked for.
        """
        asked = next(self._numbers)
        async with self._turns.setdefault(question, asyncio.Lock()):
            kept = self._kept.get(question)
            if kept is None or kept.seen < asked:
                kept = await self._looked(kept, views, count)
                self._keep(question, kept)
        return kept.body

    async def _looked(self, kept: Answer | None, views: Collection[str], count: Count) -> Answer:
        seen = next(self._numbers)
        stand = await stands(self._pool, views)
        if kept is not None and kept.stand == stand:
            return kept._replace(seen=seen)
        return Answer(stand, seen, (await count()).to_json())

    def _keep(self, question: Question, answer: Answer) -> None:
        before = self._kept.pop(question, None)
        self._kept[question] = answer
        self._size += len(answer.body) - (0 if before is None else len(before.body))
        while self._size > self._most or len(self._kept) > self._answers:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.body)
