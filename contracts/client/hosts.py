"""Whether httpx can ask an address at all, before a token goes there."""

import httpx

from .asking import NO_ADDRESS


def check(server: str) -> None:
    """The host, too, in its international form.

    Raises:
        ValueError: it is none; the text does not repeat it.
    """
    try:
        _ = httpx.URL(server).host
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError(NO_ADDRESS) from None
