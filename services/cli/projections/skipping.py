"""Passing over an event that stops a view or a feed."""

from getpass import getuser

import typer

from projections.registry import PROJECTIONS
from services.cli.projections.standing import FOLLOWERS
from services.cli.running import database
from services.projector.errors import UnknownViewError
from services.runtime.settings import Settings
from services.store import skips
from services.store.records import Position


def position(text: str) -> Position:
    """The position that somebody has typed.

    Raises:
        BadParameter: it is none.
    """
    try:
        return Position.parse(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no position; one looks like 12:345") from None


async def skip(settings: Settings, name: str, at: Position, reason: str) -> str:
    """Skip the event; returns what to say of it."""
    _must_be(name)
    async with database(settings) as pool:
        skipped = await skips.skip(pool, name, at, reason, getuser())
    return (
        f"{name} passes over {_shown(skipped)}, position {at}. It goes on by itself where it runs; "
        f"take it back: coursemark projections unskip {name} {at}"
    )


async def unskip(settings: Settings, name: str, at: Position) -> str:
    """Take the skip back; returns what to say of it."""
    _must_be(name)
    async with database(settings) as pool:
        skipped = await skips.unskip(pool, name, at, getuser())
    return (
        f"{name} no longer passes over {_shown(skipped)}. That counts from the next rebuild on: "
        f"coursemark projections rebuild {name}"
    )


async def on_record(settings: Settings) -> list[skips.OnRecord]:
    """All skips, the latest first."""
    async with database(settings) as pool:
        return await skips.on_record(pool)


async def retry(settings: Settings, name: str) -> str:
    """Clear the error; returns what to say of it."""
    _must_be(name)
    async with database(settings) as pool:
        stopped = await skips.retry(pool, name)
    return f"{name} tries again where it runs." if stopped else f"{name} has not stopped."


def _must_be(name: str) -> None:
    names = [*(it.name for it in PROJECTIONS), *FOLLOWERS]
    if name not in names:
        raise UnknownViewError(f"no view or feed is named {name}; there are {', '.join(names)}")


def _shown(it: skips.Skipped) -> str:
    return f"{it.stream}@{it.version} ({it.type})"
