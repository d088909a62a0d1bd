"""``Idempotency-Key`` and ``Prefer``, as a request gives them.

Sources: draft-ietf-httpapi-idempotency-key-header-07 §2; RFC 8941 §3.3.3 (a string in quotes);
RFC 7240 §4.3 (wait).
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from contracts.fields import COMMAND_ID_RULE, CommandId
from services.http.problems import Problem

LONGEST_WAIT = 30
"""Seconds."""
REMEMBERED = 50_000
_KEY_PATTERN = (
    r"^(?:\x22(?:[\x21\x23-\x5b\x5d-\x7e]|\\[\x22\\]){1,128}\x22|[\x21\x23-\x7e]{1,128})$"
)
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "The command's id, chosen by the caller, in quotes or without. The same key "
    "with the same body is carried out once and answered the same; with another body it is "
    "refused (422), and while another request with it is under way (409).",
    "schema": {"type": "string", "pattern": _KEY_PATTERN},
    "example": '"8e03978e-40d5-43d9-9bc0-6894a57f9324"',
}
PREFER = {
    "name": "Prefer",
    "in": "header",
    "description": f"wait=N: wait for the result, N seconds, {LONGEST_WAIT} at the most.",
    "schema": {"type": "string"},
    "example": "wait=10",
}
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*(\d{1,6})\s*(?=$|,|;)", re.IGNORECASE)
_command_id = TypeAdapter(CommandId)


def key_of(request: Request) -> str:
    """The key, which is the command's id; in quotes, as the draft has it, or without.

    Raises:
        Problem: 400 where there is none, or none that can be an id.
    """
    given = request.headers.getlist("idempotency-key")
    if not given:
        raise Problem(
            400,
            "idempotency_key_required",
            "Send a header Idempotency-Key of your own for each command, a UUID for instance, "
            "and the same again with a repeat.",
        )
    key = _unquoted(given[0].strip()) if len(given) == 1 else ""
    try:
        return _command_id.validate_python(key, strict=True)
    except ValidationError:
        raise Problem(
            400, "invalid_request", f"Idempotency-Key: send one, {COMMAND_ID_RULE}."
        ) from None


def _unquoted(text: str) -> str:
    """What stands in the quotes, or the text as it is; nothing where it is neither."""
    quoted = _QUOTED.fullmatch(text)
    if quoted is None:
        return "" if '"' in text else text
    return re.sub(r"\\(.)", r"\1", quoted[1])


def wait_of(request: Request) -> int:
    """The seconds that the caller would wait for the result, bounded; 0: it would not.

    What is no ``wait`` is passed over, as RFC 7240 §2 wants it.
    """
    found = _WAIT.search(",".join(request.headers.getlist("prefer")))
    return 0 if found is None else min(int(found[1]), LONGEST_WAIT)


def applied(wait: int) -> dict[str, str]:
    """The header that says which preference was honoured."""
    return {"Preference-Applied": f"wait={wait}"} if wait else {}


def reused(command_id: str) -> Problem:
    """422: the key was another command's."""
    return Problem(
        422,
        "command_id_reused",
        f"The Idempotency-Key {command_id} was sent with another command; "
        "send each command under a key of its own.",
    )


class Underway:
    """What this process knows before there is a receipt: keys under way, and keys lately sent.

    Receipts decide; this only tells earlier, and of other processes it knows nothing.
    """

    def __init__(self) -> None:
        self._now: dict[tuple[str, str], bytes] = {}
        self._sent: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    @contextmanager
    def answering(self, key: tuple[str, str], fingerprint: bytes) -> Iterator[None]:
        """While a request with this key is answered.

        Raises:
            Problem: 409 where another one is, 422 where its command is another.
        """
        there = self._now.get(key)
        if (there or self._sent.get(key, fingerprint)) != fingerprint:
            raise reused(key[1])
        if there is not None:
            raise Problem(
                409,
                "in_progress",
                "A request with this Idempotency-Key is under way; ask again when it has ended.",
                headers={"Retry-After": "1"},
            )
        self._now[key] = fingerprint
        try:
            yield
        finally:
            del self._now[key]

    def knows(self, key: tuple[str, str]) -> bool:
        """Whether it is under way here, or was lately sent from here."""
        return key in self._now or key in self._sent

    def sent(self, key: tuple[str, str], fingerprint: bytes) -> None:
        """Kafka has it."""
        self._sent[key] = fingerprint
        self._sent.move_to_end(key)
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)
