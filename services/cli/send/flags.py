"""One command from flags."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.commands import WHOLE_COURSE, Command, ImportCompletion, RecordActivity
from services.cli.send.outgoing import NotSendableError, Outgoing, model_of, prepare, short

_SIGNAL = {"score", "seconds"}


def from_flags(name: str, flags: Mapping[str, Any]) -> Outgoing:
    """The command of that type; a flag of none, or an empty list, was not given.

    Raises:
        NotSendableError: a flag is missing, is not the command's, or has a wrong value.
    """
    model = model_of(name)
    if not issubclass(model, Command):
        raise NotSendableError(f"{short_or(name)} is sent with --file, as a JSON line.")
    given = {flag: value for flag, value in flags.items() if value not in (None, (), [])}
    id_ = given.pop("id", None)
    data = _shaped(model, given)
    unknown = sorted(data.keys() - model.model_fields.keys())
    if unknown:
        flag = unknown[0].replace("_", "-")
        raise NotSendableError(
            f"{short_or(name)} takes no --{flag}; see its fields in docs/reference."
        )
    return prepare(1, name, data, id_)


def short_or(name: str) -> str:
    """The short name of a type, whichever was given."""
    return short(name) if name.count(".") > 1 else name


def _shaped(model: type[Command], given: dict[str, Any]) -> dict[str, Any]:
    """Flags as the fields of the model."""
    activities: Sequence[str] = given.pop("activity", ())
    whole = given.pop("whole_course", None)
    if model is RecordActivity:
        kind = given.pop("signal", None)
        signal = {name: given.pop(name) for name in _SIGNAL & given.keys()}
        given |= {} if kind is None else {"signal": {"kind": kind, **signal}}
    elif whole and model is ImportCompletion:
        given |= {"whole_course": True}
    elif whole:
        given |= {"activities": WHOLE_COURSE}
    if activities:
        given |= _named(model, tuple(activities))
    return given


def _named(model: type[Command], activities: tuple[str, ...]) -> dict[str, Any]:
    if "activities" in model.model_fields:
        return {"activities": activities}
    if len(activities) > 1:
        raise NotSendableError("--activity: this command takes one; send a command for each.")
    return {"activity": activities[0]}
