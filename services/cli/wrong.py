"""What is wrong with a message that options describe, in the words of the options."""

from collections.abc import Mapping
from typing import Any

import typer
from pydantic import ValidationError

from contracts.problems import details


def wrong(error: ValidationError, options: Mapping[str, str]) -> typer.BadParameter:
    """Such as "--months is too small; send 1 or more."; ``options``: not named as their fields."""
    return typer.BadParameter(" ".join(_said(it, options) for it in details(error)))


def _said(problem: Any, options: Mapping[str, str]) -> str:
    *_, field = (it for it in problem["field"].split(".") if not it.isdecimal())
    option = options.get(field, f"--{field.replace('_', '-')}")
    return f"{option} {problem['problem']}."
