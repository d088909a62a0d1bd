"""Whose request it is: the bearer token (RFC 6750)."""

from collections.abc import Collection
from datetime import datetime

from starlette.requests import Request

from services.http.problems import Problem
from services.store.tokens import Scope, Token, Tokens

_LONGEST = 200
"""Characters that are looked at of a token of ours, which are shorter."""


def secret_of(request: Request) -> str | None:
    """What the request shows: a secret, never to be logged; of two that it shows, none."""
    given = request.headers.getlist("authorization")
    kind, _, secret = (given[0] if len(given) == 1 else "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None


def unauthorized() -> Problem:
    """401: in the same words whatever is wrong with the token."""
    return Problem(
        401,
        "unauthorized",
        "Send a valid token: Authorization: Bearer cm_..., made with `coursemark tokens create`.",
    )


def check_scopes(wanted: Collection[Scope], given: Collection[Scope]) -> None:
    """Whether the token is for that.

    Raises:
        Problem: 403.
    """
    if not set(wanted) & set(given):
        raise Problem(
            403,
            "not_permitted",
            f"This token is not for that; make one with the scope {' or '.join(sorted(wanted))}.",
        )


async def token_of(secret: str, tokens: Tokens, now: datetime) -> Token | None:
    """Our token with that secret, also where it has ended.

    A wrong secret costs the same as a right one: a digest and a look-up by it.
    """
    return await tokens.look_up(secret[:_LONGEST], now)


async def bearer(
    request: Request, tokens: Tokens, now: datetime, scopes: Collection[Scope]
) -> Token:
    """The token of a request, good for one of the scopes.

    Raises:
        Problem: 401 without a valid one, 403 where it is for something else.
    """
    secret = secret_of(request)
    token = None if secret is None else await tokens.find(secret[:_LONGEST], now)
    if token is None:
        raise unauthorized()
    check_scopes(scopes, token.scopes)
    return token
