"""``coursemark programs``: declared here."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from services.cli.errors import CommandError
from services.cli.options import Json, with_server
from services.runtime.settings import Settings


class NoProgramsError(CommandError):
    """``no_programs``: the school has none, or the learner has begun none."""

    code = "no_programs"


@with_server
def programs(
    settings: Settings,
    school: str,
    learner: Annotated[
        str | None, typer.Argument(help="What this learner has begun or completed.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show a school's learning programmes, or how far a learner is in them.

    A programme that was completed stays completed, whatever course is reset or added later.
    """
    from services.cli.programs import printing
    from services.cli.stack.opening import done

    if learner is None:
        of_school = done(settings, lambda stack: stack.programs.of_school(school))
        _refuse_none(of_school, f"{school} has no learning programme; send one")
        printing.of_school(of_school, as_json=as_json)
    else:
        of_learner = done(settings, lambda stack: stack.programs.of_learner(school, learner))
        nothing = f"{learner} has begun no learning programme of {school}; check the ids"
        _refuse_none(of_learner, nothing)
        printing.of_learner(of_learner, as_json=as_json)


def _refuse_none(lines: Sequence[NamedTuple], why: str) -> None:
    if not lines:
        raise NoProgramsError(f"{why}.")
