"""One request and its answer, over connections that are kept; whatever happens becomes a code.

No redirect is followed, TLS is verified, no proxy is taken from the environment, no cookie is kept,
nothing is decompressed; an answer is read up to a bound, in time, and cut off there.
"""

import ssl
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import NamedTuple, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from services.webhooks.resolving import AddressRefusedError, CheckedResolver

KEPT = 512
"""Bytes of an answer that are written down."""
READ = 16 * 1024
"""Bytes of an answer that are read so that its connection can be used again."""
SUCCESS = range(200, 300)
REDIRECTS = range(300, 400)


class Limits(NamedTuple):
    """In seconds; ``idle``: a connection without a request is closed, before receivers do it."""

    total: float = 15
    connect: float = 5
    idle: float = 4
    dns: int = 10


class Answer(NamedTuple):
    """``status``: None where there was no answer. ``code``: None where it was a success."""

    status: int | None
    code: str | None
    body: bytes | None = None
    retry_after: str | None = None


class Requests:
    """Sends; ``resolver`` makes what looks names up below the check, ``tls`` verifies."""

    def __init__(
        self,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        *,
        resolver: Callable[[], AbstractResolver | None] = lambda: None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits
        self._resolver = resolver
        self._tls = tls or ssl.create_default_context()
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        self._sessions = {allowed: self._session(allowed) for allowed in (False, True)}
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in self._sessions.values():
            await session.close()

    def _session(self, allow_private: bool) -> aiohttp.ClientSession:
        limits = self._limits
        connector = aiohttp.TCPConnector(
            limit=0,  # how much is under way is the turns' affair
            ssl=self._tls,
            resolver=CheckedResolver(allow_private=allow_private, inner=self._resolver()),
            ttl_dns_cache=limits.dns,
            keepalive_timeout=limits.idle,
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=limits.total, connect=limits.connect),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=("Accept", "Accept-Encoding"),
        )

    async def post(
        self, url: URL, headers: Mapping[str, str], body: bytes, *, allow_private: bool
    ) -> Answer:
        """Send a body to a URL that ``check_url`` has seen."""
        session = self._sessions[allow_private]
        try:
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as response:
                status, after = response.status, response.headers.get("Retry-After")
                return Answer(status, _code(status), await _beginning(response), after)
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is one of the latter
            return Answer(None, _failure(error))


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """The first bytes of the body; the answer stands whatever becomes of the rest of it."""
    read, kept = 0, b""
    try:
        while read < READ:
            chunk = await response.content.read(READ - read)
            if not chunk:
                return kept
            read += len(chunk)
            kept = (kept + chunk)[:KEPT] if len(kept) < KEPT else kept
    except (aiohttp.ClientError, OSError):
        pass  # the status is known, and says what became of the delivery
    response.close()
    return kept


def _code(status: int) -> str | None:
    if status in SUCCESS:
        return None
    return "redirect" if status in REDIRECTS else f"http_{status}"


def _failure(error: aiohttp.ClientError | OSError) -> str:
    """What went wrong, as a stable code."""
    cause = getattr(error, "os_error", None)
    if isinstance(error, AddressRefusedError) or isinstance(cause, AddressRefusedError):
        return "address_refused"
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "name_not_found"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "tls_failed"
        case TimeoutError():
            return "timeout"
        case aiohttp.ClientConnectorError():
            return "not_reachable"
        case aiohttp.InvalidURL():
            return "url_refused"
        case aiohttp.ClientResponseError() | aiohttp.ClientPayloadError():
            return "answer_illegible"
        case _:
            return "disconnected"
