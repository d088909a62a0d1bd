"""Who asks, as the token says: one of ours, or one of an OpenID provider."""

from collections.abc import Collection
from typing import NamedTuple

from starlette.requests import Request

from services.api.standing import Standing
from services.api.who.noted import Noted, noted
from services.api.who.oidc.verifying import TokenRefusedError
from services.http.bearer import secret_of, token_of, unauthorized
from services.http.problems import Problem
from services.store.people import people
from services.store.tokens import MARK, Scope

JWT_DOTS = 2


class Asking(NamedTuple):
    """``token``: its id; of an OpenID provider's the issuer and the subject, a space between."""

    school: str
    token: str
    actor: str | None
    scopes: Collection[Scope]
    of_an_issuer: bool = False


async def asking(request: Request, standing: Standing) -> Asking:
    """Who asks.

    Raises:
        Problem: 401 without a valid token; 503 where its issuer is away.
    """
    about, secret = noted(request), secret_of(request)
    if secret is None:
        about.why = "no_token"
        raise unauthorized()
    if secret.count(".") == JWT_DOTS and not secret.startswith(MARK):
        return await _of_an_issuer(secret, standing, about)
    return await _of_ours(secret, standing, about)


async def _of_ours(secret: str, standing: Standing, about: Noted) -> Asking:
    now = standing.clock()
    token = await token_of(secret, standing.tokens, now)
    if token is None:
        about.why = "token_unknown"
        raise unauthorized()
    about.school, about.caller, about.actor = token.school, token.id, token.actor
    about.why = token.ended(now)
    if about.why:
        raise unauthorized()
    return Asking(token.school, token.id, token.actor, token.scopes)


async def _of_an_issuer(token: str, standing: Standing, about: Noted) -> Asking:
    try:
        claimed = await standing.verifier.verified(token)
    except TokenRefusedError as error:
        about.why = error.code
        raise unauthorized() from None
    school, user = claimed.school, claimed.user
    caller = f"{claimed.issuer} {claimed.subject}"
    about.school, about.caller, about.actor = school, caller, user
    return Asking(school, caller, user, claimed.scopes, of_an_issuer=True)


async def check_known(asking: Asking, standing: Standing, about: Noted) -> None:
    """Whether the directory has the user whom an issuer's token names.

    Asked after the limit was looked at: an issuer may know more people than the school.

    Raises:
        Problem: 403.
    """
    user = asking.actor or ""
    if asking.of_an_issuer and user not in await people(standing.log.pool, asking.school, [user]):
        about.why = "user_unknown"
        raise Problem(
            403,
            "not_permitted",
            f"The directory of {asking.school} has no user {user}; send the user there first.",
        )
