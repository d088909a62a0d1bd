"""Whose request it is: the bearer token (RFC 6750)."""

from collections.abc import Collection
from datetime import datetime

from starlette.requests import Request

from services.http.problems import Problem
from services.store.tokens import Scope, Token, Tokens

_LONGEST = 200
"""Characters that are looked at of a token; ours are shorter."""


async def bearer(
    request: Request, tokens: Tokens, now: datetime, scopes: Collection[Scope]
) -> Token:
    """The token of a request, good for one of the scopes.

    A wrong secret costs the same as a right one: a digest and a look-up by it.

    Raises:
        Problem: 401 without a valid one, 403 where it is for something else.
    """
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    token = None
    if kind.lower() == "bearer":
        token = await tokens.find(secret.strip()[:_LONGEST], now)
    if token is None:
        raise Problem(
            401,
            "unauthorized",
            "Send a valid token: Authorization: Bearer cm_..., made with "
            "`coursemark tokens create`.",
        )
    if not set(scopes) & set(token.scopes):
        raise Problem(
            403,
            "not_permitted",
            f"This token is not for that; make one with the scope {' or '.join(sorted(scopes))}.",
        )
    return token
