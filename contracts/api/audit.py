"""The audit log."""

from typing import Annotated

from pydantic import Field

from ..fields import ID_PATTERN, NO_NUL_PATTERN, Instant
from ..model import Contract


class Narrowed(Contract):
    """Which entries: all that is said has to hold."""

    since: Instant | None = Field(None, description="Then or later.")
    until: Instant | None = Field(None, description="Before.")
    caller: str | None = Field(
        None, max_length=300, pattern=NO_NUL_PATTERN, description="As entries say it."
    )
    actor: str | None = Field(None, pattern=ID_PATTERN, description="Of this user.")
    operation: str | None = Field(
        None, pattern=r"^[a-z_]{1,100}$", description="Of this operationId."
    )
    status: list[Annotated[int, Field(ge=100, le=599)]] | None = Field(
        None, max_length=20, description="Of any of these."
    )


class Audited(Contract):
    """An answer to somebody who was refused, or who changed something."""

    id: str
    at: Instant
    caller: str | None = Field(None, description="A token's id, or an issuer and a subject.")
    actor: str | None = Field(None, description="The user in whose name it was asked.")
    method: str
    route: str | None = Field(None, description="The path, with its parameters' names.")
    ids: dict[str, str] = Field(description="What the path named, and the command's id.")
    status: int
    code: str | None = Field(None, description="Of a problem.")
    why: str | None = Field(None, description="Of a refusal: what the caller was not told.")
    address: str | None = Field(None, description="Where the request came from.")
    operation: str | None = Field(None, description="The operationId of this document.")
    request_id: str = Field(description="The answer's X-Request-Id.")
    times: int = Field(ge=1, description="Alike ones in a minute; this is the last of them.")


class Audit(Contract):
    """A page of the audit log, the newest first."""

    entries: tuple[Audited, ...]
