"""Issuers of OpenID Connect tokens that are believed, as a setting has them."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_settings import NoDecode

from contracts.fields import SchoolId
from services.store.scopes import SCOPES, Scope

SAFE_URL = r"^(https://|http://(127\.0\.0\.1|localhost)(:|/|$))[^\s?#@]*$"
"""Of an issuer and of its keys: nobody on the way may put in keys of their own."""
ANY = "*"
Claim = Annotated[str, Field(min_length=1, max_length=200)]


class Issuer(BaseModel):
    """Whose tokens are good for what; the role of a user comes from the directory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Annotated[str, Field(pattern=SAFE_URL)]
    """As ``iss`` has it, to the letter."""
    audience: Annotated[str, Field(min_length=1)]
    """What ``aud`` has to name."""
    schools: Annotated[tuple[SchoolId, ...], Field(min_length=1)] | Literal["*"]
    """The schools that it is good for; ``*``: any."""
    school_claim: Claim | None = None
    """The claim that names the school; not needed where there is one."""
    user_claim: Claim = "sub"
    """The claim that names the user, as the directory does."""
    scope_claim: Claim = "scope"
    """The claim that lists scopes: a text with spaces between them, or a list."""
    scopes: Mapping[str, tuple[Scope, ...]] = {
        f"coursemark.{scope}": (scope,) for scope in SCOPES if scope != "zapier"
    }
    """What each of its scopes is good for here."""
    jwks_url: Annotated[str, Field(pattern=SAFE_URL)] | None = None
    """Where its keys are; none: as its ``.well-known/openid-configuration`` says."""

    @model_validator(mode="after")
    def _school_is_told(self) -> Self:
        if self.school_claim is None and (self.schools == ANY or len(self.schools) > 1):
            raise ValueError("school_claim names the claim that tells which of several schools")
        return self

    def good_for(self, school: str) -> bool:
        """Whether its tokens may be of that school."""
        return self.schools == ANY or school in self.schools


def _read(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise ValueError("is no JSON; send a list of objects") from None


def _once_each(issuers: tuple[Issuer, ...]) -> tuple[Issuer, ...]:
    if len({it.issuer for it in issuers}) < len(issuers):
        raise ValueError("names an issuer twice")
    return issuers


Issuers = Annotated[
    tuple[Issuer, ...], NoDecode, BeforeValidator(_read), AfterValidator(_once_each)
]
"""A list in JSON, each issuer once."""


def shown(issuers: tuple[Issuer, ...]) -> str:
    """As it is set, without what is as it is by default; there is nothing secret in it."""
    return json.dumps([it.model_dump(exclude_defaults=True) for it in issuers])
