"""Whether a token holds, and whose it is."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, NamedTuple

import jwt
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidSignatureError,
    PyJWTError,
)
from pydantic import TypeAdapter, ValidationError

from contracts.fields import Id
from services.api.who.oidc.jwks import Jwks
from services.api.who.oidc.keys import ALGORITHMS, Fetch
from services.runtime.issuers import Issuer
from services.store.tokens import Scope

LEEWAY = 30
"""Seconds that two clocks may differ."""
LONGEST = 8_192
"""Characters of a token."""
TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""Of tokens that say who asks; others, of a logout for instance, are for something else."""
_WHY: Sequence[tuple[type[PyJWTError], str]] = (
    (ExpiredSignatureError, "token_expired"),
    (ImmatureSignatureError, "token_not_yet_valid"),
    (InvalidAudienceError, "token_of_another_audience"),
    (InvalidSignatureError, "token_signature_wrong"),
)
_id = TypeAdapter(Id)


class Claimed(NamedTuple):
    """What a token that holds says."""

    issuer: str
    subject: str
    school: str
    user: str
    scopes: Collection[Scope]


class TokenRefusedError(Exception):
    """It does not hold; ``code`` says why, for the audit log and nobody else."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Verifier:
    """Of tokens of these issuers."""

    def __init__(self, issuers: Collection[Issuer], clock: Callable[[], float]) -> None:
        self._ask: Fetch | None = None
        self._issuers: Mapping[str, tuple[Issuer, Jwks]] = {
            it.issuer: (it, Jwks(it.issuer, partial(self._fetch, it), clock)) for it in issuers
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keys are asked for where they are needed."""
        if not self._issuers:
            yield
            return
        from services.api.who.oidc.fetching import fetching  # noqa: PLC0415 - aiohttp is large

        async with fetching() as self._ask, AsyncExitStack() as stack:
            for _, keys in self._issuers.values():
                await stack.enter_async_context(keys.running())
            yield

    async def verified(self, token: str) -> Claimed:
        """What the token says.

        Raises:
            TokenRefusedError: it does not hold, or is of nobody who is believed.
            Problem: 503, its issuer is away.
        """
        header, said = _read(token)
        issuer, keys = self._issuers.get(str(said.get("iss")), (None, None))
        if issuer is None or keys is None:
            raise TokenRefusedError("token_of_another_issuer")
        algorithm = _algorithm(header)
        key = await keys.find(header.get("kid"), algorithm)
        if key is None:
            raise TokenRefusedError("token_key_unknown")
        return _claimed(issuer, _checked(token, key, issuer))

    async def _fetch(self, issuer: Issuer) -> Sequence[jwt.PyJWK]:
        if self._ask is None:
            raise RuntimeError("keys are asked for while `running` is entered")
        return await self._ask(issuer)


def _read(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, which nothing proves yet."""
    if len(token) > LONGEST:
        raise TokenRefusedError("token_too_long")
    try:
        read = jwt.decode_complete(token, options={"verify_signature": False})
    except (PyJWTError, UnicodeError):
        raise TokenRefusedError("token_malformed") from None
    return read["header"], read["payload"]


def _algorithm(header: Mapping[str, Any]) -> str:
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise TokenRefusedError("token_algorithm")
    if str(header.get("typ", "JWT")).lower() not in TYPES:
        raise TokenRefusedError("token_of_another_type")
    return str(algorithm)


def _checked(token: str, key: jwt.PyJWK, issuer: Issuer) -> Mapping[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=issuer.audience,
            issuer=issuer.issuer,
            leeway=LEEWAY,
            options={
                "require": ["exp", "iat", "iss", "aud", "sub"],
                "enforce_minimum_key_length": True,
            },
        )
    except PyJWTError as error:
        why = (code for kind, code in _WHY if isinstance(error, kind))
        raise TokenRefusedError(next(why, "token_malformed")) from None


def _claimed(issuer: Issuer, said: Mapping[str, Any]) -> Claimed:
    told = issuer.schools[0] if issuer.school_claim is None else said.get(issuer.school_claim)
    school, user = _named(told), _named(said.get(issuer.user_claim))
    if school is None or not issuer.good_for(school):
        raise TokenRefusedError("token_of_another_school")
    if user is None:
        raise TokenRefusedError("token_names_nobody")
    words = said.get(issuer.scope_claim, ())
    words = words.split() if isinstance(words, str) else words
    words = [it for it in words if isinstance(it, str)] if isinstance(words, list) else []
    scopes = {scope for word in words for scope in issuer.scopes.get(word, ())}
    return Claimed(issuer.issuer, said["sub"], school, user, scopes)


def _named(value: object) -> str | None:
    try:
        return _id.validate_python(value, strict=True)
    except ValidationError:
        return None
