"""Learning programmes from the terminal: sent, completed, shown (B12)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cli.conftest import School, Stack, send
from tests.support.command_line import json_lines

if TYPE_CHECKING:
    from collections.abc import Callable


def program(school: School, version: int = 1, *more: str) -> dict[str, Any]:
    courses = [{"course": "biology"}, *({"course": it} for it in more)]
    data = {"school": school.id, "program": "green", "version": version, "title": "Green"}
    return {"type": "learning_program", "data": data | {"courses": courses}}


def come(stack: Stack, *words: str, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The one programme, as soon as it is so."""
    for _ in range(100):
        shown = stack.run("programs", *words, "--json")
        found = json_lines(shown.stdout) if not shown.returncode else []
        if found and until(found[0]):
            assert len(found) == 1
            return found[0]
    pytest.fail(f"not to be seen: {shown}")


def test_b12_a_programme_is_completed_with_its_last_course(stack: Stack, school: School) -> None:
    """With the label, as its course has it; and it stays, whatever is reset or required later."""
    send(stack, program(school), school.enroll())
    whose = school.id, "u-1"
    begun = come(stack, *whose, until=lambda it: it["required"] == 1)
    assert (begun["completed"], begun["missing"], begun["completed_at"]) == (0, ["biology"], None)
    send(stack, school.mark())
    done = come(stack, *whose, until=lambda it: it["completed_at"] is not None)
    assert (done["title"], done["manually_completed"], done["cause"]) == ("Green", True, "course")
    fields = {"actor": "ada", "activities": "whole_course"}
    send(stack, school.command("reset_progress", **fields), program(school, 2, "maths"))
    later = come(stack, *whose, until=lambda it: it["version"] == 2 and it["completed"] == 0)
    assert (later["completed_at"], later["missing"]) == (done["completed_at"], ["biology", "maths"])
    assert come(stack, school.id, until=lambda it: it["version"] == 2)["completed"] == 1
    table = stack.run("programs", *whose).stdout
    assert "Green (green)" in table
    assert "0 of 2" in table
    assert "Manually" in table
    assert "Green (green)" in stack.run("show", *whose).stdout
    [shown] = json.loads(stack.run("show", *whose, "--json").stdout)["programs"]
    assert (shown["program"], shown["completed_version"]) == ("green", 1)
    assert json.loads(stack.run("show", *whose, "--json", "--at", "2100-01-01").stdout)["courses"]


@pytest.mark.parametrize("whose", [("u-1",), ()])
def test_b2_where_there_is_none_it_says_so(
    stack: Stack, school: School, whose: tuple[str, ...]
) -> None:
    shown = stack.run("programs", school.id, *whose)
    assert shown.returncode == 1
    assert "no learning programme" in shown.stderr
    assert "[no_programs]" in shown.stderr
