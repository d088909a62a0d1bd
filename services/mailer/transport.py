"""What carries an e-mail away, and what may come of it."""

import re
from typing import Literal, NamedTuple, Protocol

_ADDRESS = re.compile(r"\S*@\S*")
_FIRST_WORDS = 120


class Letter(NamedTuple):
    """An e-mail ready to go; ``data`` as RFC 5322 has it, lines ended by CR LF.

    ``international`` is true where an address needs SMTPUTF8 (RFC 6531).
    """

    id: str
    sender: str
    recipient: str
    data: bytes
    international: bool = False


class Outcome(NamedTuple):
    """What became of a try.

    taken: the server has it. later: it certainly has it not, and may take it another time.
    refused: it never will. unclear: the message was handed over and no answer came.
    """

    kind: Literal["taken", "later", "refused", "unclear"]
    code: str | None = None
    answer: str | None = None


TAKEN = Outcome("taken")


class Transport(Protocol):
    """Carries letters, one at a time; nothing raises but faults of ours."""

    async def prepare(self) -> Outcome | None:
        """Make ready to carry a letter; what is in the way, or none."""

    async def deliver(self, letter: Letter) -> Outcome:
        """Carry a letter."""

    async def close(self) -> None:
        """Let go of what it holds; it may be made ready again."""


def first_words(code: int, text: str) -> str:
    """The beginning of a server's answer on one line, without the addresses that it repeats."""
    words = " ".join(_ADDRESS.sub("<address>", text).split())
    return "".join(filter(str.isprintable, f"{code} {words}"))[:_FIRST_WORDS]
