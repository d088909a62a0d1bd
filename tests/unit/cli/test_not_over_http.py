"""What works on the servers alone: each such command refuses an API, and the page lists them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from typer.main import get_group

from services.cli.main import app
from tests.support.command_line import coursemark

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[3] / "docs/how-to/remote.md"
AN_API = {"COURSEMARK_SERVER": "http://127.0.0.1:1", "COURSEMARK_TOKEN": "cm_one"}
WHOLE_LOG = ("export events", "export xapi")
"""The page has them in words."""
ID = (str(UUID(int=1)),)
WORDS = {
    "format_": ("--format", "csv"),
    "position": ("1:1",),
    **dict.fromkeys(("mail", "mails", "token"), ID),
    "html": ("--html", str(PAGE)),
    "text": ("--text", str(PAGE)),
}
"""What these options and arguments have to be; any text does for the others."""


def commands(group: Any, *above: str) -> Iterator[tuple[str, Any]]:
    """Each with its whole name; those that refuse have an option that no help shows."""
    for name, it in group.commands.items():
        if hasattr(it, "commands"):
            yield from commands(it, *above, name)
        else:
            yield " ".join((*above, name)), it


REFUSING = {
    name: command
    for name, command in commands(get_group(app()))
    if any(it.name == "server" and it.hidden for it in command.params)
}


def words_of(command: Any) -> Iterator[str]:
    """The least that it has to be told."""
    for it in command.params:
        if it.required:
            said = ("1",) if it.param_type_name == "argument" else (it.opts[0], "1")
            yield from WORDS.get(it.name, said)


@pytest.mark.parametrize("name", REFUSING)
def test_it_says_so_and_does_nothing_elsewhere(name: str) -> None:
    done = coursemark(*name.split(), *words_of(REFUSING[name]), **AN_API)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("without --server and COURSEMARK_SERVER. [not_over_http]\n")


def test_the_page_lists_them_and_no_others() -> None:
    page = PAGE.read_text("utf-8")
    [listed] = re.findall(r"servers at hand instead:(.*?)\.\n\n", page, re.DOTALL)
    said = {*re.findall(r"`([a-z -]+)`", listed), *WHOLE_LOG}
    whole = {it.partition(" ")[0] for it in REFUSING}
    partly = {it.partition(" ")[0] for it, _ in commands(get_group(app())) if it not in REFUSING}
    refusing = {it for it in REFUSING if it.partition(" ")[0] in partly} | (whole - partly)
    assert said == refusing
