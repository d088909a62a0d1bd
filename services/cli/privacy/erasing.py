"""An erasure from its order to what is left."""

import sys
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, NamedTuple

import typer

from services.cli.asking import ask
from services.cli.privacy import printing
from services.cli.stack.opening import opened
from services.privacy.who import Who
from services.runtime.settings import Settings
from services.store.erasures import Erasure

if TYPE_CHECKING:
    from services.privacy.erasing import Done


class Order(NamedTuple):
    """Who is to be erased, why, on whose word, and how to ask and tell."""

    who: Who
    reason: str
    actor: str | None
    yes: bool
    as_json: bool


async def erase(settings: Settings, order: Order) -> bool:
    """Look, ask, erase, tell; False where it has to be run again.

    Raises:
        UnknownPersonError: there is nobody under the id.
        NotPermittedError: the actor may not.
        BadParameter: nobody can be asked.
    """
    who = order.who
    async with (
        opened(settings) as stack,
        stack.privacy.erasing(who, order.actor, order.reason) as erasing,
    ):
        if not order.as_json:
            printing.found(who, erasing.holdings, erasing.before)
        _ask(order)
        steps: list[Done] = []
        async with aclosing(erasing.steps()) as done:
            async for step in done:
                steps.append(step)
                if not order.as_json:
                    printing.step(step)
        left = await erasing.left()
    if order.as_json:
        printing.as_json(erasing.holdings, steps, left)
    else:
        printing.left(left)
    return steps[-1].step == "ended"


async def erased(settings: Settings, school: str) -> Sequence[Erasure]:
    """A school's erasures."""
    async with opened(settings) as stack:
        return await stack.privacy.erasures(school)


def _ask(order: Order) -> None:
    """Refuse where nobody can be asked, before anything is changed."""
    if order.yes:
        return
    who = order.who
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            f"{who.user} of {who.school} is not erased: there is no terminal to ask on. Repeat it "
            "with --yes.",
            param_hint="--yes",
        )
    ask(f"Erase {who.user} of {who.school}? It cannot be taken back.")
