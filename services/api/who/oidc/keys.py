"""Public keys of an issuer, as its JWKS has them (RFC 7517)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from services.runtime.issuers import Issuer

ALGORITHMS = ("RS256", "ES256", "EdDSA")
"""Of signatures that are believed: a key that is public can make none of them."""
MOST = 100
"""Keys of a set."""
SMALLEST_RSA = 2_048
"""Bits (NIST SP 800-131A)."""
Fetch = Callable[[Issuer], Awaitable[Sequence[PyJWK]]]
"""Answers the keys that an issuer has now; raises ``KeysUnreadableError``."""


class KeysUnreadableError(Exception):
    """What an issuer gave is no set of keys, or it gave nothing; it says why."""


def object_of(body: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        KeysUnreadableError: it is none.
    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise KeysUnreadableError("what it gives is no JSON") from None
    if not isinstance(found, dict):
        raise KeysUnreadableError("what it gives is no JSON object")
    return found


def keys_of(body: bytes) -> tuple[PyJWK, ...]:
    """The keys that can prove a signature of one of ``ALGORITHMS``; others are passed over.

    Raises:
        KeysUnreadableError: it is no set of keys.
    """
    given = object_of(body).get("keys")
    if not isinstance(given, list) or len(given) > MOST:
        raise KeysUnreadableError(f"what it gives is no set of at most {MOST} keys")
    return tuple(key for it in given if (key := _key(it)) is not None)


def _key(given: Any) -> PyJWK | None:
    if not isinstance(given, dict) or not isinstance(given.get("kid", ""), str):
        return None
    if given.get("use", "sig") != "sig" or given.get("alg", ALGORITHMS[0]) not in ALGORITHMS:
        return None
    if "d" in given:  # a private key that was published is nobody's any more
        return None
    try:
        key = PyJWK(given)
    except PyJWTError:
        return None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < SMALLEST_RSA:
        return None
    return key if key.algorithm_name in ALGORITHMS else None


def chosen(keys: Sequence[PyJWK], kid: str | None, algorithm: str) -> PyJWK | None:
    """The key that a token names; the only one where it names none (OIDC Core §10.1)."""
    if kid is None:
        return keys[0] if len(keys) == 1 and keys[0].algorithm_name == algorithm else None
    named = (it for it in keys if it.key_id == kid and it.algorithm_name == algorithm)
    return next(named, None)
