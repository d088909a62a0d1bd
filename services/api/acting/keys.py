"""An Idempotency-Key that becomes the id of something with an address."""

from starlette.requests import Request

from services.api.commands.idempotency import key_of
from services.http.problems import Problem


def id_of(request: Request) -> str:
    """The key, where it can be an id.

    Raises:
        Problem: 400.
    """
    key = key_of(request)
    if "/" in key or key.startswith("~"):
        raise Problem(
            400, "invalid_request", "Idempotency-Key: send one without '/', not beginning with '~'."
        )
    return key
