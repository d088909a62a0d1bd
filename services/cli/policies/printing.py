"""A policy for a person, or as JSON."""

from rich.text import Text

from services.cli.output import console, write_json
from services.cli.tables import plain
from services.domain.policy import Policy

_NO_LIMIT = "no limit"


def show(policy: Policy, *, as_json: bool) -> None:
    """Print each limit and what it is now."""
    reasons = None if policy.reasons is None else sorted(policy.reasons)
    if as_json:
        write_json(policy._asdict() | {"reasons": reasons})
        return
    table = plain("Policy", "Now")
    for name, now in (
        ("Marks and resets may lie back", _days(policy.max_backdating_days)),
        ("Imports may lie back", _days(policy.max_import_backdating_days)),
        ("Reasons", "any" if reasons is None else ", ".join(reasons)),
        ("Note", "required" if policy.note_required else "as they like"),
        ("A second administrator approves", _four_eyes(policy.four_eyes_above)),
    ):
        table.add_row(Text(name), Text(now))
    console().print(table)


def _days(days: int | None) -> str:
    return _NO_LIMIT if days is None else f"{days:,} day{'' if days == 1 else 's'}"


def _four_eyes(above: int | None) -> str:
    if above is None:
        return "never"
    return f"completions of more than {above:,} learner{'' if above == 1 else 's'}"
