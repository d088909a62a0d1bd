"""Where an issuer's keys come from: its own address, bounded in time and size."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated

import aiohttp
from jwt import PyJWK
from pydantic import StringConstraints, TypeAdapter, ValidationError

from services.api.who.oidc.keys import Fetch, KeysUnreadableError, keys_of, object_of
from services.runtime.issuers import SAFE_URL, Issuer

SECONDS = 2.0
"""For each of at most two requests."""
LARGEST = 256 * 1024
"""Bytes of an answer."""
_OK = 200
_url = TypeAdapter(Annotated[str, StringConstraints(pattern=SAFE_URL)])


@asynccontextmanager
async def fetching() -> AsyncIterator[Fetch]:
    """Asks issuers for their keys.

    Follows no redirect, keeps no cookie, and takes no proxy from the environment.
    """
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    ) as client:
        yield partial(_fetch, client=client)


async def _fetch(issuer: Issuer, client: aiohttp.ClientSession) -> tuple[PyJWK, ...]:
    """The keys that the issuer has now.

    Raises:
        KeysUnreadableError: it does not answer, or what it says is no set of keys.
    """
    return keys_of(await _get(client, issuer.jwks_url or await _discovered(issuer, client)))


async def _discovered(issuer: Issuer, client: aiohttp.ClientSession) -> str:
    """OpenID Connect Discovery §4.3: the document has to be of the issuer that was asked."""
    about = issuer.issuer.rstrip("/") + "/.well-known/openid-configuration"
    told = object_of(await _get(client, about))
    if told.get("issuer") != issuer.issuer:
        raise KeysUnreadableError("its configuration is another issuer's")
    try:
        return _url.validate_python(told.get("jwks_uri"), strict=True)
    except ValidationError:
        raise KeysUnreadableError("its configuration names no https address of keys") from None


async def _get(client: aiohttp.ClientSession, url: str) -> bytes:
    try:
        async with client.get(url, allow_redirects=False) as answer:
            if answer.status != _OK:
                raise KeysUnreadableError(f"it answers {answer.status}")
            body = bytearray()
            async for piece in answer.content.iter_any():
                body += piece
                if len(body) > LARGEST:
                    raise KeysUnreadableError("its answer is too large")
            return bytes(body)
    except (aiohttp.ClientError, OSError) as error:  # TimeoutError is one of the latter
        raise KeysUnreadableError(type(error).__name__) from None
