"""The exports of the progress view by an API: the same bytes, of the token's school alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.cli.stack.exports import remote
from tests.integration.cli.both_ways import OF, of_school
from tests.support.command_line import json_lines

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.integration.cli.both_ways import Two


def test_an_export_has_the_same_bytes_both_ways(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "LARGEST", 2)  # so that there are several pages
    other = ("--learner", "u-2", "--course", "biology")
    for of in (OF, other):
        two.both(*of_school("enrol", *of))
        two.both(*of_school("mark", *of, "--whole-course", "--no-email"))
    for learner in ("u-1", "u-2"):
        two.until(lambda text: "anually" in text, "show", "SCHOOL", learner)
    for what, lines in (("progress", 2), ("activities", 6)):
        here, there = tmp_path / f"here-{what}.csv", tmp_path / f"there-{what}.csv"
        two.locally("export", what, "--out", str(here))
        done = two.remotely("export", what, "--out", str(there))
        told = f"The token's school alone: {two.there.id}.\n{lines} rows written to {there}.\n"
        assert (done.returncode, done.stderr) == (0, told)
        heading, *rows = here.read_bytes().splitlines(keepends=True)
        ours = [it for it in rows if it.startswith(f"{two.there.id},".encode())]
        assert there.read_bytes() == b"".join([heading, *ours])
        assert len(ours) == lines


def test_an_export_that_is_refused_leaves_no_file(two: Two, tmp_path: Path) -> None:
    out = tmp_path / "progress.csv"
    may = ("--scope", "manage", "--actor", "ada")
    made = two.stack.run("tokens", "create", two.there.id, "cli", *may, "--json")
    [manages] = json_lines(made.stdout)
    for token, code, said in (("cm_wrong", 78, "valid token"), (manages["secret"], 1, "scope")):
        done = two.remotely("export", "progress", "--out", str(out), COURSEMARK_TOKEN=token)
        assert (done.returncode, said in done.stderr) == (code, True), done
    for words in (("events", "--format", "ndjson"), ("xapi", "--school", "SCHOOL")):
        refused = two.remotely("export", *words, "--out", str(out))
        assert (refused.returncode, "[not_over_http]" in refused.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
