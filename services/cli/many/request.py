"""What mark, reset and enrol ask for, as messages: one for one learner, parts for many; pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from contracts.commands import WHOLE_COURSE
from services.cli.many.options import Whom
from services.cli.send.outgoing import Outgoing, prepare
from services.domain.bulk import in_parts, part_id

Verb = Literal["mark", "reset", "enrol"]
SOURCE = "console"
"""An administrator's commands are asked for by a person (B3)."""
_BULK: Mapping[Verb, str] = {
    "mark": "bulk_mark_complete",
    "reset": "bulk_reset_progress",
    "enrol": "bulk_enroll",
}
_SINGLE: Mapping[Verb, str] = {
    "mark": "mark_complete",
    "reset": "reset_progress",
    "enrol": "enroll_learner",
}
_NAMED = 3
"""Activities or courses that a sentence names."""


class Request(NamedTuple):
    """The fields of the bulk command, but for learners, operation and parts."""

    verb: Verb
    fields: Mapping[str, Any]

    @property
    def school(self) -> str:
        """The school that it is about."""
        return str(self.fields["school"])


def request(verb: Verb, whom: Whom, **own: Any) -> Request:
    """What the options ask for; a field of none, or an empty list, was not given."""
    common = {
        "school": whom.school,
        "actor": whom.actor,
        "source": SOURCE,
        "reason": whom.reason,
        "note": whom.note,
        "effective_at": whom.effective_at,
        "start_at": whom.start_at,
    }
    given = {name: value for name, value in (common | own).items() if value not in (None, (), [])}
    return Request(verb, given)


def single(asked: Request, learner: str, *, dry_run: bool) -> Outgoing | None:
    """The command for one learner; none where only an operation can do it.

    Raises:
        NotSendableError: an option is missing or wrong.
    """
    fields = dict(asked.fields) | {"learner": learner} | ({"dry_run": True} if dry_run else {})
    if "start_at" in fields:
        return None
    if asked.verb == "enrol":
        courses = fields.pop("courses", ())
        alone = len(courses) == 1 and not fields.pop("mark_complete", False)
        if not alone or fields.keys() & {"programs", "reason", "note", "send_completion_email"}:
            return None
        fields["course"] = courses[0]
    return prepare(1, _SINGLE[asked.verb], fields)


def parts(
    asked: Request, whom: Sequence[str] | str, operation: str, *, dry_run: bool
) -> list[Outgoing]:
    """The messages of an operation for these learners, or for a saved search by its name.

    The ids of the messages follow from the operation's: sent again, they are answered alike.

    Raises:
        NotSendableError: an option is missing or wrong.
    """
    chunks = in_parts(whom)
    return [
        prepare(
            number,
            _BULK[asked.verb],
            {
                **asked.fields,
                **chunk,
                "operation": operation,
                "part": number,
                "parts": len(chunks),
                "dry_run": dry_run,
            },
            part_id(asked.school, operation, number),
        )
        for number, chunk in enumerate(chunks, 1)
    ]


def sentence(asked: Request, whom: Sequence[str] | str) -> str:
    """What will be done, for whom it is asked.

    ``Mark the whole course biology-1 complete for 200 learners of riverside, with the e-mail``
    """
    start = asked.fields.get("start_at")
    said = doing(asked, _who(whom, asked.school))
    return f"{said}, not before {start}." if start else f"{said}."


def doing(asked: Request, who: str) -> str:
    """What is done, to whom; without a full stop."""
    fields = asked.fields
    match asked.verb:
        case "mark":
            return f"Mark {_activities(fields)} complete for {who}{_email(fields)}"
        case "reset":
            return f"Reset {_activities(fields)} for {who}"
        case _:
            marking = f", and mark them complete{_email(fields)}"
            what = f"Enrol {who} in {', '.join(_places(fields))}"
            return what + (marking if fields.get("mark_complete") else "")


def _who(whom: Sequence[str] | str, school: str) -> str:
    if isinstance(whom, str):
        return f"everyone of {school} whom the search “{whom}” finds"
    return f"{len(whom):,} learner{'' if len(whom) == 1 else 's'} of {school}"


def _activities(fields: Mapping[str, Any]) -> str:
    if fields["activities"] == WHOLE_COURSE:
        return f"the whole course {fields['course']}"
    return f"{_some(fields['activities'])} of {fields['course']}"


def _places(fields: Mapping[str, Any]) -> Iterator[str]:
    if fields.get("courses"):
        yield _some(fields["courses"])
    if fields.get("programs"):
        yield f"every course of {_some(fields['programs'])}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _email(fields: Mapping[str, Any]) -> str:
    return " with the e-mail" if fields.get("send_completion_email") else " without an e-mail"
