"""An issuer's keys, kept: asked for again when a token names one that is not known.

Whoever makes tokens up can make the API ask once in ``PAUSE`` and no more, and nobody waits for a
key that is known. While the issuer is away its keys go on being good, ``KEPT`` at the most.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from jwt import PyJWK

from services.api.who.oidc.keys import KeysUnreadableError, chosen
from services.http.problems import away

PAUSE = 10.0
"""Seconds from one asking to the next."""
FRESH = 600.0
"""Seconds after which keys are asked for again, beside the answers: one may have been withdrawn."""
KEPT = 24 * 60 * 60.0

log = logging.getLogger(__name__)


class Jwks:
    """Of one issuer; ``clock`` gives seconds that only grow. Asks while ``running`` is entered."""

    def __init__(
        self,
        issuer: str,
        fetch: Callable[[], Awaitable[Sequence[PyJWK]]],
        clock: Callable[[], float],
    ) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._keys: Sequence[PyJWK] = ()
        self._got = self._asked = float("-inf")
        self._away = True
        self._asking: asyncio.Task[None] | None = None
        self._group: asyncio.TaskGroup | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ask where it is needed; a fault of ours comes out."""
        async with asyncio.TaskGroup() as self._group:
            try:
                yield
            finally:
                if self._asking is not None:
                    self._asking.cancel()

    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        """The key that a token names; none where the issuer has no such key.

        Raises:
            Problem: 503, the key is not known and the issuer is away.
        """
        held = self._clock() - self._got
        if held > KEPT:
            self._keys = ()
        found = chosen(self._keys, kid, algorithm)
        if found is None or held > FRESH:
            self._ask()
        if found is None and self._asking is not None:
            await asyncio.wait([self._asking])
            found = chosen(self._keys, kid, algorithm)
        if found is None and self._away:
            raise away("The issuer of this token")
        return found

    def _ask(self) -> None:
        """Unless it is being asked, or was a moment ago."""
        now = self._clock()
        if self._group is None or now - self._asked < PAUSE:
            return
        if self._asking is None or self._asking.done():
            self._asked = now
            self._asking = self._group.create_task(self._renew())

    async def _renew(self) -> None:
        try:
            self._keys = await self._fetch()
        except KeysUnreadableError as error:
            self._away = True
            log.warning("the keys of %s cannot be had: %s", self._issuer, error)
            return
        self._got, self._away = self._clock(), False
