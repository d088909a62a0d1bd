"""The exports of the progress view by an API: the same bytes, of the token's school alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.cli.stack.exports import remote
from tests.integration.cli.conftest import send
from tests.integration.cli.test_show import caught_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from tests.integration.cli.both_ways import Two
    from tests.integration.cli.conftest import School


def test_an_export_has_the_same_bytes_both_ways(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "LARGEST", 2)  # so that there are several pages
    schools = two.here, two.there
    send(two.stack, *map(_chemistry, schools))
    send(two.stack, *(it for school in schools for it in _records(school)))
    caught_up(two.stack)
    for what, lines in (("progress", 3), ("activities", 9)):
        here, there = tmp_path / f"here-{what}.csv", tmp_path / f"there-{what}.csv"
        two.locally("export", what, "--out", str(here))
        done = two.remotely("export", what, "--out", str(there))
        told = f"The token's school alone: {two.there.id}.\n{lines} rows written to {there}.\n"
        assert (done.returncode, done.stderr) == (0, told)
        heading, *rows = here.read_bytes().splitlines(keepends=True)
        ours = [it for it in rows if it.startswith(f"{two.there.id},".encode())]
        assert there.read_bytes() == b"".join([heading, *ours])
        assert len(ours) == lines


def _chemistry(school: School) -> dict[str, Any]:
    """A second course, like the first."""
    *_, biology = school.reference()
    return {**biology, "data": biology["data"] | {"course": "chemistry"}}


def _records(school: School) -> Iterator[dict[str, Any]]:
    for learner, course in (("u-1", "biology"), ("u-1", "chemistry"), ("u-2", "biology")):
        whose = {"learner": learner, "course": course}
        yield school.command("enroll_learner", **whose)
        yield school.mark(**whose)


def test_an_export_that_is_refused_leaves_no_file(two: Two, tmp_path: Path) -> None:
    out = tmp_path / "progress.csv"
    manages = two.stack.token(two.there.id, "manage")
    for token, code, said in (("cm_wrong", 78, "valid token"), (manages, 1, "scope")):
        done = two.remotely("export", "progress", "--out", str(out), COURSEMARK_TOKEN=token)
        assert (done.returncode, said in done.stderr) == (code, True), done
    for words in (("events", "--format", "ndjson"), ("xapi", "--school", "SCHOOL")):
        refused = two.remotely("export", *words, "--out", str(out))
        assert (refused.returncode, "[not_over_http]" in refused.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
