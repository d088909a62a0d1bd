"""``coursemark where``: what is there, and no error for what nobody asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.command_line import coursemark, json_lines

if TYPE_CHECKING:
    from pathlib import Path

SERVERS = ("--kafka", "broker:9092", "--database", "postgresql://db.example/coursemark")


def test_sides_that_are_not_there_are_left_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    here = ("--data", str(tmp_path), *SERVERS)
    [found] = json_lines(coursemark("where", "--json", *here).stdout)
    assert sorted(found) == ["database", "kafka"]
    [found] = json_lines(coursemark("where", "--json", *here, COURSEMARK_API_PORT="4713").stdout)
    assert found["api"] == "http://127.0.0.1:4713"
    asked = coursemark("where", "api", *here)
    assert (asked.returncode, asked.stdout) == (69, "")
    assert "COURSEMARK_API_PORT" in asked.stderr
