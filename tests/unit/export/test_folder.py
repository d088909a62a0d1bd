"""No file of an export is ever half, and nothing counts that the state does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.export.folder import STATE, ExportError, Folder, State, begun, opened
from services.store.records import ORIGIN, Position

if TYPE_CHECKING:
    from pathlib import Path

ASKED: dict[str, Any] = {"format": "ndjson", "school": None, "course": None, "types": None}


def at(number: int, **more: Any) -> State:
    return State(ASKED, ORIGIN, Position(7, number), f"s/l/c@{number}", **more)


def chunk(folder: Folder, number: int, place: str = "school=s/month=2024-05") -> None:
    folder.write(place, Position(7, number), "ndjson", lambda file: file.write_bytes(b"x"))


def files(path: Path) -> list[str]:
    return sorted(str(it.relative_to(path)) for it in path.rglob("*.ndjson*"))


def test_a_restart_removes_what_the_state_does_not_know_and_nothing_else(tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        chunk(folder, 10)
        folder.commit(at(10, events=1, skipped=("s/l/c@3",)))
        chunk(folder, 20)  # and here it dies
    (tmp_path / "notes.ndjson").write_text("not ours")
    (tmp_path / f"{7:020d}-{9:020d}.parquet.partial").touch()
    with opened(tmp_path) as folder:
        state = folder.state()
        assert state == at(10, events=1, skipped=("s/l/c@3",))
        assert len(folder.clean(state.position)) == 2
    name = f"{7:020d}-{10:020d}.ndjson"
    assert files(tmp_path) == ["notes.ndjson", f"school=s/month=2024-05/{name}"]


def test_a_file_that_cannot_be_written_whole_has_no_name(tmp_path: Path) -> None:
    def fails(file: Path) -> None:
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with opened(tmp_path) as folder:
        with pytest.raises(OSError, match="No space"):
            folder.write("", Position(7, 1), "ndjson", fails)
        assert not [it for it in files(tmp_path) if it.endswith(".ndjson")]
        folder.clean(ORIGIN)
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("asked", "since"),
    [({"format": "parquet"}, None), ({"school": "s"}, None), ({}, Position(7, 1))],
    ids=["format", "school", "since"],
)
def test_a_folder_goes_on_only_as_it_was_begun(
    asked: dict[str, Any], since: Position | None
) -> None:
    with pytest.raises(ExportError) as refused:
        begun(at(10), ASKED | asked, since)
    assert refused.value.code == "export_differs"
    assert begun(at(10), ASKED, ORIGIN) == begun(at(10), ASKED, None) == at(10)


def test_two_exports_do_not_share_a_folder(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(ExportError) as refused, opened(tmp_path):
        pytest.fail("both of them")
    assert refused.value.code == "export_running"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"since": "0:0"}', '{"since": 1}'])
def test_a_state_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE).write_text(text)
    with opened(tmp_path) as folder, pytest.raises(ExportError) as refused:
        folder.state()
    assert refused.value.code == "export_state_unreadable"


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError) as refused, opened(tmp_path / "file" / "within"):
        pytest.fail("in a file")
    assert refused.value.code == "folder_unusable"
