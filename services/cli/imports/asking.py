"""Options as what is asked for, and the sentence that it is confirmed with."""

from typing import Any, get_args

import typer
from pydantic import ValidationError

from contracts.fields import Reason
from contracts.operations import BulkImport, ImportRow
from contracts.problems import sentence as problem
from services.cli.imports.options import DATES, Asked, zone
from services.cli.many.options import How
from services.imports.entries import Choices
from services.imports.ledger import Counts
from services.imports.table import Reading
from services.runtime.clock import now

_REASONS = get_args(get_args(Reason)[0])


def asked(how: How, **given: Any) -> Asked:
    """What the options mean.

    Raises:
        BadParameter: one is missing or wrong.
    """
    if given["email"] is None and not given["check"]:
        raise typer.BadParameter(
            "say whether completion e-mails go out: --email or --no-email; there is no default.",
            param_hint="--email",
        )
    if given["dates"] not in {None, *DATES}:
        raise typer.BadParameter("dmy, mdy or ymd.", param_hint="--dates")
    reason: Any = given["reason"] or "migration"
    if reason not in _REASONS:
        raise typer.BadParameter(f"one of {', '.join(_REASONS)}.", param_hint="--reason")
    choices = Choices(
        school=given["school"],
        now=now(),
        zone=zone(given["zone"]),
        reason=reason,
        **{
            name: given[name]
            for name in (
                *("dates", "complete", "enroll", "create_users", "add_tags", "ignore_columns"),
                "note",
            )
        },
    )
    names = ("file", "school", "actor", "email", "check", "skip_invalid", "problems", "start_at")
    own = {name: given[name] for name in names}
    wanted = Asked(**own, choices=choices, reading=Reading(*given["reading"]), how=how)
    _refuse_unsendable(wanted)
    return wanted


def _refuse_unsendable(wanted: Asked) -> None:
    """What no message may say is told before the file is read."""
    somebody = ImportRow(line=1, learner="somebody", course="something")
    operation = wanted.how.operation or "any"
    try:
        BulkImport(**wanted.template, operation=operation, rows=(somebody,))
    except ValidationError as error:
        raise typer.BadParameter(problem(error)) from None


def sentence(wanted: Asked, counts: Counts) -> str:
    """What will be done.

    ``Import 4 rows for 3 learners in 2 courses of riverside: 3 completions and 1 enrolment alone;
    ...``
    """
    completed = _many(counts.completions, "completion")
    enrolled = _many(counts.enrolments, "enrolment")
    what = [f"{completed} and {enrolled} alone"]
    what.append(
        "who is not enrolled is enrolled"
        if wanted.choices.enroll
        else "lines of who is not enrolled are refused"
    )
    if wanted.email is not None:
        sent = "an e-mail for each course that completes"
        what.append(sent if wanted.email else "no completion e-mail")
    if counts.new_people:
        what.append(f"{_many(counts.new_people, 'new user')} in the directory")
    if counts.tagged:
        what.append(f"tags added to {_many(counts.tagged, 'user')}")
    if counts.refused:
        what.append(f"{_many(counts.refused, 'line')} with problems left out")
    start = f", not before {wanted.start_at}" if wanted.start_at else ""
    return (
        f"Import {_many(counts.rows, 'row')} for {_many(counts.learners, 'learner')} in "
        f"{_many(counts.courses, 'course')} of {wanted.school}{start}: {'; '.join(what)}."
    )


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
