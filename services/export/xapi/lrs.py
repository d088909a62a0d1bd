"""A learning record store over HTTP (xAPI 1.0.3 part 3 §2.1): statements in batches, each once.

Sending a statement again does nothing (§2.1.2), so whatever is in doubt is sent again. A store
refuses a batch whole; where it does, halves tell which statement it means.
"""

import asyncio
import base64
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import aiohttp
import orjson

from services.export.xapi.statements import Statement

VERSIONS = ("1.0.3", "2.0.0")
ANSWER_SECONDS = 30.0
"""A store that has not answered by then is asked again."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
LONGEST_ANSWER = 1024 * 1024
"""Bytes that are read of an answer: enough for the ids of a batch."""
_QUOTED = 300
"""Characters of a store's words that a sentence repeats."""
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_DONE = frozenset({200, 204})
_TOO_LARGE = 413
_BAD = frozenset({400, _TOO_LARGE, 422})
_NOWHERE = 404
_CONFLICT = 409
_NOT_US = frozenset({401, 403})


class LrsError(Exception):
    """A store that does not take statements; ``code`` is stable, the text says what to do.

    ``lrs_address_wrong``, ``lrs_refuses_us``, ``lrs_away``, ``statement_refused`` or
    ``statement_conflict``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Made(NamedTuple):
    """A statement, and the event that it tells of."""

    event_id: str
    statement: Statement


class Store(NamedTuple):
    """Where a store is, and who we are there; ``url`` is what ``/statements`` is added to."""

    url: str
    username: str | None = None
    password: str | None = None
    version: str = VERSIONS[0]
    patience_seconds: float = 60.0
    answer_seconds: float = ANSWER_SECONDS


class Lrs:
    """A connection to a store; ``known`` counts what it had already, told by a conflict."""

    def __init__(self, store: Store) -> None:
        self._store = _checked(store)
        self._session: aiohttp.ClientSession | None = None
        self.known = 0

    async def __aenter__(self) -> Self:
        store = self._store
        headers = {"X-Experience-API-Version": store.version, "Content-Type": "application/json"}
        if store.username is not None:
            headers["Authorization"] = _basic(store.username, store.password or "")
        self._session = aiohttp.ClientSession(
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=min(store.answer_seconds, store.patience_seconds)),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def store(self, made: Sequence[Made]) -> None:
        """Store statements in order; returns when the store has all of them.

        Raises:
            LrsError: it does not take one of them; those before it are stored.
        """
        if not made:
            return
        body = orjson.dumps([it.statement for it in made])
        status, words = await self._asked("POST", {}, body)
        if status in _DONE:
            return
        if status not in _BAD and status != _CONFLICT:
            raise _not_taken(status, words)
        if len(made) > 1:
            half = len(made) // 2
            await self.store(made[:half])
            await self.store(made[half:])
        elif status == _CONFLICT:
            await self._is_known(made[0])
        else:
            raise _refused(made[0], status, words)

    async def _is_known(self, made: Made) -> None:
        """A conflict is none where the store has the same: some say so of every repeat."""
        id_ = made.statement["id"]
        status, words = await self._asked("GET", {"statementId": id_}, None)
        if status == _NOWHERE:  # it may have been voided since (part 3 §2.1.4)
            status, words = await self._asked("GET", {"voidedStatementId": id_}, None)
        if status not in _DONE or _essence(_first(words)) != _essence(made.statement):
            raise LrsError(
                "statement_conflict",
                f"The store has another statement {id_} than the one of the "
                f"event {made.event_id}; perhaps they were sent with another --home before. Void "
                f"it there, or leave the event out: --skip {made.event_id}",
            )
        self.known += 1

    async def _asked(
        self, method: str, query: Mapping[str, str], body: bytes | None
    ) -> tuple[int, bytes]:
        """Status and body of an answer that is no "later"; asked again for as long as patience is.

        Raises:
            LrsError: ``lrs_away``.
        """
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._store.patience_seconds, FIRST_PAUSE
        while True:
            wait = pause * random.uniform(0.5, 1)  # noqa: S311 - no secret
            try:
                status, words, later = await self._answer(method, query, body)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                why = f"{type(error).__name__} {error}".strip()
            else:
                if status not in _LATER:
                    return status, words
                why, wait = f"HTTP {status}", max(wait, later)
            if loop.time() + wait > deadline:
                raise LrsError(
                    "lrs_away",
                    f"The learning record store did not take the statements for "
                    f"{self._store.patience_seconds:.0f} s ({why}"
                    f"{f', asks to wait {wait:.0f} s' if wait > pause else ''}); run the same "
                    "command again later.",
                )
            await asyncio.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _answer(
        self, method: str, query: Mapping[str, str], body: bytes | None
    ) -> tuple[int, bytes, float]:
        """Status, body, and how many seconds the store asks to wait."""
        if self._session is None:
            raise RuntimeError("a store is spoken to inside of `async with`")
        async with self._session.request(
            method,
            f"{self._store.url}/statements",
            params=query,
            data=body,
            allow_redirects=False,  # the credentials are for this address alone
        ) as answer:
            words = await _read(answer.content)
            return answer.status, words, _seconds(answer.headers.get("Retry-After"))


def _basic(username: str, password: str) -> str:
    """RFC 7617."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def _checked(store: Store) -> Store:
    parts = urlsplit(store.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise LrsError("lrs_address_wrong", "The store's address begins with http:// or https://.")
    if parts.username is not None:
        raise LrsError(
            "lrs_address_wrong",
            "Credentials do not stand in the address; set COURSEMARK_LRS_USERNAME and "
            "COURSEMARK_LRS_PASSWORD.",
        )
    return store._replace(url=store.url.rstrip("/").removesuffix("/statements"))


async def _read(content: aiohttp.StreamReader) -> bytes:
    """At most so much of it as we care for."""
    words = bytearray()
    async for piece in content.iter_chunked(64 * 1024):
        words += piece
        if len(words) > LONGEST_ANSWER:
            break
    return bytes(words)


def _seconds(retry_after: str | None) -> float:
    """Of a Retry-After: seconds or a date (RFC 9110 §10.2.3); 0 where it says nothing."""
    if retry_after is None:
        return 0.0
    try:
        return max(0.0, float(int(retry_after)))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _not_taken(status: int, words: bytes) -> LrsError:
    if status in _NOT_US:
        return LrsError(
            "lrs_refuses_us",
            f"The learning record store refuses us (HTTP {status}); set COURSEMARK_LRS_USERNAME "
            "and COURSEMARK_LRS_PASSWORD to one that may write statements.",
        )
    return LrsError(
        "lrs_address_wrong",
        f"No learning record store answers there (HTTP {status}: {_quoted(words)}); --lrs is what "
        "stands before /statements, and redirects are not followed.",
    )


def _refused(made: Made, status: int, words: bytes) -> LrsError:
    return LrsError(
        "statement_refused",
        f"The store refuses the statement {made.statement['id']} of the event {made.event_id} "
        f"(HTTP {status}): {_quoted(words)} To go on without it: --skip {made.event_id}",
    )


def _quoted(words: bytes) -> str:
    text = "".join(filter(str.isprintable, words.decode("utf-8", "replace")))
    return text[:_QUOTED]


def _first(words: bytes) -> Any:
    """The statement of an answer; some stores give a list of one."""
    try:
        found = orjson.loads(words)
    except ValueError:
        return None
    if isinstance(found, dict) and isinstance(found.get("statements"), list):
        found = next(iter(found["statements"]), None)
    return found


def _essence(found: Any) -> Any:
    """What makes two statements the same; a store adds and formats the rest (part 2 §2.3.1)."""
    try:
        said = found.get("result", {})
        result = {name: said.get(name) for name in ("score", "success", "completion")}
        of = found["verb"]["id"], found["object"]["id"], found["context"]["registration"]
        return found["id"], found["actor"]["account"], *of, result
    except (KeyError, TypeError, AttributeError):
        return None
