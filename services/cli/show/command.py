"""``coursemark show``: declared here."""

from typing import TYPE_CHECKING, Annotated, cast

import typer

from services.cli.errors import CommandError
from services.cli.options import Json, with_server
from services.cli.show.asked import Asked
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.store.selection import Clock
    from services.views.cards.folding import Past


class NoRecordError(CommandError):
    """``no_record``: nothing was ever recorded of the learner, or not by then."""

    code = "no_record"


@with_server
def show(
    settings: Settings,
    school: str,
    learner: str,
    *,
    course: Annotated[str | None, typer.Option(help="This course alone.")] = None,
    at: Annotated[
        str | None,
        typer.Option(help="As it was: a day (its end, in UTC) or an instant, from the log alone."),
    ] = None,
    by: Annotated[
        str, typer.Option(help="With --at: by when it was recorded, or effective.")
    ] = "recorded",
    history: Annotated[int, typer.Option(min=0, help="Entries of history per course.")] = 20,
    as_json: Json = False,
) -> None:
    """Show a learner's card: courses, activities, labels, earlier attempts, history.

    Names and e-mail addresses are the directory's of today, whatever day is shown.
    """
    from services.cli.output import write_json
    from services.cli.show import as_json as shaped
    from services.cli.show.printing import show as show_card
    from services.cli.stack.opening import done

    when = _past(at, by)
    asked = Asked(school, learner, course, history, when)
    card = done(settings, lambda stack: stack.card(asked))
    if not card.courses:
        there = "" if course is None else f" in {course}"
        then = "" if when is None else f" by {when.at:%Y-%m-%d %H:%M:%S} UTC"
        raise NoRecordError(
            f"Nothing is {by} of {learner}{there} in {school}{then}; {_hint(when)}."
        )
    if as_json:
        write_json(shaped.as_json(card))
    else:
        clock = "recorded" if by == "recorded" else "achieved, as far as is known today,"
        past = None if when is None else f"As {clock} by {when.at:%Y-%m-%d %H:%M:%S} UTC"
        show_card(card, past)


def _hint(when: "Past | None") -> str:
    if when is None:
        return "check the ids, or enrol them"
    if when.by == "recorded":
        return "choose a later day, or ask with --by effective what had been achieved by then"
    return "choose a later day, or check the ids"


def _past(at: str | None, by: str) -> "Past | None":
    from services.cli.show.moment import moment
    from services.views.cards.folding import Past

    if by not in {"recorded", "effective"}:
        raise typer.BadParameter("recorded or effective.", param_hint="--by")
    if at is None:
        return None
    try:
        return Past(moment(at), cast("Clock", by))
    except ValueError:
        raise typer.BadParameter(
            "a day such as 2024-05-01, or an instant such as 2024-05-01T09:30:00Z.",
            param_hint="--at",
        ) from None
