"""The audit log."""

from pydantic import Field

from ..fields import Instant
from ..model import Contract


class Audited(Contract):
    """An answer to somebody who was refused, or who changed something."""

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
