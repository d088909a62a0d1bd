"""Names become addresses that were checked: aiohttp connects to those and to no other.

The check stands between the look-up and the connection, so an answer that changes between two
look-ups changes nothing (DNS rebinding): whatever is connected to went through it.
"""

import socket

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from services.webhooks.addresses import is_refused


class AddressRefusedError(OSError):
    """The name leads to an address that nothing may be sent to."""


class CheckedResolver(AbstractResolver):
    """Asks another resolver, and refuses a name when one of its addresses is refused."""

    def __init__(self, *, allow_private: bool, inner: AbstractResolver | None = None) -> None:
        self._allow_private = allow_private
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The name's addresses.

        Raises:
            AddressRefusedError: nothing may be sent to one of them.
            OSError: there is no such name.
        """
        found = await self._inner.resolve(host, port, family)
        for it in found:
            if is_refused(it["host"], allow_private=self._allow_private):
                raise AddressRefusedError(f"{host} leads to a private, local or reserved address")
        return found

    async def close(self) -> None:
        """Nothing is left open."""
        await self._inner.close()
