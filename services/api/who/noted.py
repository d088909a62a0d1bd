"""What is known of a request while it is answered, for its headers and for the audit log."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import uuid4

from starlette.requests import Request
from starlette.types import Scope as Asked

from services.store.tokens import Scope


@dataclass
class Noted:
    """``caller``: a token's id, or issuer and subject; never a secret. ``why``: of a refusal.

    ``looks``: it was asked, and told, what a change would do, and that it may; nothing is changed.
    """

    request_id: str = field(default_factory=lambda: uuid4().hex)
    school: str = ""
    caller: str | None = None
    actor: str | None = None
    why: str | None = None
    scopes: Collection[Scope] = ()
    looks: bool = False


def noted_of(asked: Asked) -> Noted:
    """Of this request, begun where there is none."""
    noted: Noted = asked.setdefault("state", {}).setdefault("noted", Noted())
    return noted


def noted(request: Request) -> Noted:
    """The same."""
    return noted_of(request.scope)
