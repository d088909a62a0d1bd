"""An erasure from its order to what is left."""

import sys
from contextlib import aclosing
from getpass import getuser
from typing import TYPE_CHECKING, NamedTuple

import typer

from services.cli import errors
from services.cli.privacy import printing
from services.cli.running import cluster, database
from services.privacy.erasing import Done, Erasing
from services.privacy.remaining import remaining
from services.privacy.who import Who
from services.runtime.bus.outbox import Outbox
from services.runtime.clock import now
from services.runtime.settings import Settings
from services.store.directory import Directory
from services.store.erasures import Erasure, erasure_of, erasures_of
from services.store.log import EventLog

if TYPE_CHECKING:
    import asyncpg

RUNNER = "~"
"""Before the name of whoever ran the command, since no user's id begins so."""


class NotPermittedError(errors.CommandError):
    """``not_permitted``: the actor is no administrator of the school."""

    code = "not_permitted"


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
        NotPermittedError: the actor is no administrator.
        BadParameter: nobody can be asked.
    """
    who = order.who
    async with database(settings) as pool:
        actor = await _actor(pool, order)
        connection = await cluster(settings)
        async with Outbox(connection) as outbox:
            erasing = Erasing(EventLog(pool), outbox, settings.mails, now)
            found, before = await erasing.look(who), await erasure_of(pool, *who)
            if not order.as_json:
                printing.found(who, found.holdings, before)
            _ask(order)
            steps: list[Done] = []
            async with aclosing(erasing.steps(found, actor, order.reason)) as done:
                async for step in done:
                    steps.append(step)
                    if not order.as_json:
                        printing.step(step)
        left = remaining(who, found.holdings, found.told)
        record = await erasure_of(pool, *who)
    if order.as_json:
        printing.as_json(record, found.holdings, steps, left, found.searches)
    else:
        printing.left(left, found.searches)
    return steps[-1].step == "ended"


async def erased(settings: Settings, school: str) -> list[Erasure]:
    """A school's erasures."""
    async with database(settings) as pool:
        return await erasures_of(pool, school)


async def _actor(pool: "asyncpg.Pool", order: Order) -> str:
    """The actor as they are recorded; one who is named has to be an administrator (A1)."""
    if order.actor is None:
        return RUNNER + getuser()
    key = order.who.school, order.actor
    if (await Directory(pool).facts([key[0]], [key])).levels.get(key) != "admin":
        raise NotPermittedError(
            f"{order.actor} is no administrator of {order.who.school}; name one, or leave --actor "
            "out. Nothing was changed."
        )
    return order.actor


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
    typer.confirm(
        f"Erase {who.user} of {who.school}? It cannot be taken back.", abort=True, err=True
    )
