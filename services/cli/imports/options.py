"""What ``coursemark import`` is told besides the file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typer

from services.cli.many.options import How

if TYPE_CHECKING:
    from services.imports.entries import Choices
    from services.imports.table import Reading

DATES = ("dmy", "mdy", "ymd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All of it; ``email`` of none: nothing is sent, the file is only checked."""

    file: Path
    school: str
    actor: str
    email: bool | None
    check: bool
    skip_invalid: bool
    problems: Path | None
    choices: "Choices"
    reading: "Reading"
    start_at: str | None
    how: How

    @property
    def template(self) -> dict[str, Any]:
        """What all parts of the operation have in common, but for its id."""
        from services.imports.parts import template

        return template(self.choices, self.actor, email=bool(self.email), start_at=self.start_at)


def zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        BadParameter: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise typer.BadParameter(
            "there is no such time zone; name one such as Europe/Berlin.", param_hint="--timezone"
        ) from None
