"""What httpx asks an address with: whether it can at all, and whose certificates are good there."""

import ssl
from functools import cache

import httpx

from .asking import NO_ADDRESS


def check(server: str) -> None:
    """The host, too, in its international form; before a token goes there.

    Raises:
        ValueError: it is none; the text does not repeat it.
    """
    try:
        _ = httpx.URL(server).host
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError(NO_ADDRESS) from None


def trusted(server: str) -> ssl.SSLContext:
    """Whose certificates are good for an address: for http, which shows none, nobody's."""
    if httpx.URL(server).scheme == "https":
        return _authorities()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _authorities() -> ssl.SSLContext:
    """Those that httpx knows, read once for all clients: that takes longer than most answers do."""
    return httpx.create_ssl_context()
