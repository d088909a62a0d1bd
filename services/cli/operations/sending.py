"""Commands about an operation, sent on; refused ones become a sentence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.cli import errors
from services.cli.send.outcomes import Outcome
from services.cli.send.outgoing import Outgoing

if TYPE_CHECKING:
    from services.cli.stack.port import Stack


class RefusedError(errors.CommandError):
    """A part or a request was rejected; its code is the result's."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class UnansweredError(errors.CommandError):
    """``no_result``: Kafka has it, and no result came in time."""

    code = "no_result"
    exit_code = errors.NO_RESULT


async def ask(stack: "Stack", messages: Sequence[Outgoing], seconds: float, again: str) -> None:
    """Send them and await each result; ``again`` says what to do where none comes.

    Raises:
        RefusedError: one of them was rejected.
        UnansweredError: one of them was not answered.
    """
    outcomes: list[Outcome] = []
    await stack.converse(messages, seconds, outcomes.append)
    wrong = [it for it in outcomes if it.kind != "accepted"]
    for it in wrong:
        if it.kind == "rejected":
            raise RefusedError(it.code or "rejected", _part(it, len(messages)))
    if wrong:
        raise UnansweredError(
            f"No result came within {seconds:g} s for {len(wrong):,} of {len(messages):,} "
            f"messages; see `coursemark doctor`. {again}"
        )


def _part(outcome: Outcome, parts: int) -> str:
    said = outcome.message or "It was rejected."
    return said if parts == 1 else f"Part {outcome.line:,} of {parts:,}: {said}"
