"""Names become addresses that were checked: aiohttp connects to those and to no other.

The check stands between the look-up and the connection, so an answer that changes between two
look-ups changes nothing (DNS rebinding): whatever is connected to went through it.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult

from services.webhooks.addresses import is_refused

THREADS = 64
"""Look-ups at one time: names that nobody answers for hold up no others."""


class AddressRefusedError(OSError):
    """The name leads to an address that nothing may be sent to."""


class CheckedResolver(AbstractResolver):
    """Asks another resolver, and refuses a name when one of its addresses is refused."""

    def __init__(self, *, allow_private: bool, inner: AbstractResolver | None = None) -> None:
        self._allow_private = allow_private
        self._inner = inner or SystemResolver()

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


class SystemResolver(AbstractResolver):
    """``getaddrinfo`` in threads of its own; the loop's own are few, and everybody's."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The name's addresses, as numbers.

        Raises:
            OSError: there is no such name.
        """
        ask = partial(
            socket.getaddrinfo,
            *(host, port),
            family=family,
            type=socket.SOCK_STREAM,
            flags=socket.AI_ADDRCONFIG,
        )
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        except UnicodeError:  # a label that is too long (RFC 1035 §2.3.4), for one
            raise socket.gaierror(socket.EAI_NONAME, "this is no name") from None
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, proto, _, address in found
        ]

    async def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False)
