"""What the options of ``coursemark policies set`` mean."""

from typing import Any, get_args

import typer

from contracts.fields import Reason

Changes = dict[str, Any]
"""Fields of a policy, by name."""
NONE, ANY = "none", "any"
MOST = 2**31 - 1
_REASONS: tuple[Reason, ...] = get_args(get_args(Reason)[0])


def limit(name: str, text: str) -> int | None:
    """A limit from 0, or none.

    Raises:
        BadParameter: it is neither.
    """
    if text == NONE:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > MOST:
        option = f"--{name.replace('_', '-')}"
        raise typer.BadParameter(f"a whole number from 0, or {NONE}.", param_hint=option)
    return int(text)


def reasons_of(texts: list[str]) -> frozenset[Reason] | None:
    """The reasons that are named; none for any.

    Raises:
        BadParameter: one is unknown.
    """
    if texts == [ANY]:
        return None
    known = frozenset(reason for reason in _REASONS if reason in texts)
    if len(known) != len(set(texts)):
        raise typer.BadParameter(
            f"one of {', '.join(_REASONS)}; or {ANY} alone.", param_hint="--reason"
        )
    return known
