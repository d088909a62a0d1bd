"""Which URLs an endpoint may have; asked when it is made, and again before each request."""

from urllib.parse import urlsplit

from yarl import URL

from services.webhooks.addresses import is_refused

LONGEST = 2_048
_PLAIN_PORTS = {80, 443}
_FIRST_FREE_PORT = 1_024


class UrlRefusedError(Exception):
    """``url_refused``: nothing may be sent there; the sentence says why and what to give."""

    code = "url_refused"


def check_url(text: str, *, allow_private: bool) -> URL:
    """The URL, ready to be requested.

    A name is looked up when it is connected to, and its addresses are checked then.

    Raises:
        UrlRefusedError: it is not one of a receiver on the public internet.
    """
    if len(text) > LONGEST or not text.isascii() or any(c <= " " or c == "\x7f" for c in text):
        raise UrlRefusedError(
            f"A URL has at most {LONGEST:,} characters, ASCII alone and no spaces; "
            "encode others (RFC 3986)."
        )
    if "\\" in text:
        raise UrlRefusedError("A URL has no backslash; encode it as %5C.")
    try:
        url, port = URL(text, encoded=True), urlsplit(text).port
    except ValueError:
        raise UrlRefusedError("This is no URL; give https://HOST/PATH.") from None
    schemes = {"https", "http"} if allow_private else {"https"}
    if url.scheme not in schemes or not url.host:
        raise UrlRefusedError(
            "Give an https:// URL. Plain http is for tests alone: "
            "`coursemark webhooks settings SCHOOL --allow-private-networks`."
        )
    if "@" in url.raw_authority:
        raise UrlRefusedError(
            "A URL holds no user or password, since it is shown and kept; verify the signature."
        )
    if url.raw_fragment:
        raise UrlRefusedError("A URL of an endpoint has no #fragment; leave it out.")
    if port is not None and port < _FIRST_FREE_PORT and port not in _PLAIN_PORTS:
        raise UrlRefusedError(f"The port {port} is not for the web; take 443, or one over 1023.")
    if _is_address(url.host) and is_refused(url.host, allow_private=allow_private):
        raise UrlRefusedError(
            "This address is private, local or reserved; give one of the public internet."
        )
    return url


def _is_address(host: str) -> bool:
    """Whether aiohttp would connect without asking the resolver."""
    return ":" in host or host.replace(".", "").isdigit()


def host_of(text: str) -> str:
    """The host, for logs: a path may hold a secret, as those of Zapier's hooks do."""
    return urlsplit(text).hostname or ""
