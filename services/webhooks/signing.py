"""Signatures as Standard Webhooks 1.0 has them: v1, HMAC-SHA256 over id, time and body.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from secrets import token_bytes

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret."""
NEW = 32


class SecretWrongError(Exception):
    """``secret_wrong``: this is no secret of Standard Webhooks."""

    code = "secret_wrong"


def new_secret() -> bytes:
    """A secret that nobody else has."""
    return token_bytes(NEW)


def written(secret: bytes) -> str:
    """A secret for its receiver."""
    return PREFIX + b64encode(secret).decode()


def read_secret(text: str) -> bytes:
    """A secret that somebody else has made; the text is in no error.

    Raises:
        SecretWrongError: it is not ``whsec_`` and base64 of 24 to 64 bytes.
    """
    try:
        secret = b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError:
        secret = b""
    if not (text.startswith(PREFIX) and SHORTEST <= len(secret) <= LONGEST):
        raise SecretWrongError(
            f"A secret is {PREFIX} followed by {SHORTEST} to {LONGEST} random bytes in base64."
        )
    return secret


def sign(secrets: Iterable[bytes], message: str, timestamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: one signature for each secret, with spaces between.

    Args:
        secrets: those that are valid now; several while one takes another's place.
        message: the header ``webhook-id``.
        timestamp: the header ``webhook-timestamp``, of this attempt, in Unix seconds.
        body: as it is sent.
    """
    signed = b"%s.%d.%s" % (message.encode("ascii"), timestamp, body)
    return " ".join(
        "v1," + b64encode(hmac.digest(secret, signed, "sha256")).decode() for secret in secrets
    )
