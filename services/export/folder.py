"""The folder of an export: whole files named by positions, and a state that says which count.

A chunk is a piece of the log. Its files are written under temporary names, forced to disk and
renamed; then the state, by a rename too, takes over the position where the chunk ends. A crash
before that leaves files that the state does not know: the next run removes them and writes the
chunk again. So no file is ever half, and no event is in two of them.
"""

import fcntl
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from services.store.records import ORIGIN, Position

STATE = "export.json"
_LOCK = "export.lock"
_PARTIAL = ".partial"
_OURS = re.compile(r"(\d{20})-(\d{20})\.(parquet|ndjson)(\.partial)?")


class ExportError(Exception):
    """An export that cannot begin or go on; ``code`` is stable, the text says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class State(NamedTuple):
    """How far an export is: the position, the event that stands there, what was done so far."""

    asked: Mapping[str, Any]
    since: Position
    position: Position
    event: str | None = None
    events: int = 0
    skipped: tuple[str, ...] = ()


class Folder:
    """A folder that this process alone exports to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written: list[Path] = []

    def state(self) -> State | None:
        """What the last run left; none where there was none.

        Raises:
            ExportError: ``export_state_unreadable``.
        """
        file = self.path / STATE
        try:
            found = orjson.loads(file.read_bytes())
            since, position = (Position.parse(found.pop(name)) for name in ("since", "position"))
            skipped = tuple(found.pop("skipped"))
            return State(**found, since=since, position=position, skipped=skipped)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ExportError(
                "export_state_unreadable",
                f"{file} cannot be read; put it back from a copy, or export into a new folder.",
            ) from error

    def clean(self, position: Position) -> list[Path]:
        """Remove what was written behind the position, and half files; returns what was removed."""
        removed = [it for it in self.path.rglob("*") if _is_unknown(it.name, position)]
        for file in removed:
            file.unlink()
        return removed

    def write(self, place: str, end: Position, suffix: str, fill: Callable[[Path], object]) -> None:
        """A file of the chunk that ends there, whole or not at all; ``place``: a folder within."""
        within = self.path / place
        within.mkdir(parents=True, exist_ok=True)
        file = within / f"{end.transaction_id:020d}-{end.notification_id:020d}.{suffix}"
        partial = within / f"{file.name}{_PARTIAL}"
        fill(partial)
        _force(partial)
        partial.replace(file)
        self._written.append(file)

    def commit(self, state: State) -> list[Path]:
        """The chunk counts from now on; returns its files."""
        for folder in _above(self._written, self.path):
            _force(folder)
        partial = self.path / f"{STATE}{_PARTIAL}"
        partial.write_bytes(_text(state))
        _force(partial)
        partial.replace(self.path / STATE)
        _force(self.path)
        written, self._written = self._written, []
        return written


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """The folder, made where it is missing, held against another export.

    Raises:
        ExportError: ``folder_unusable`` or ``export_running``.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = (path / _LOCK).open("a+b")
    except OSError as error:
        raise ExportError(
            "folder_unusable", f"Cannot export to {path}: {error.strerror}; name another folder."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExportError(
                "export_running", f"Another export to {path} is under way; wait for its end."
            ) from None
        yield Folder(path)


def begun(state: State | None, asked: Mapping[str, Any], since: Position | None) -> State:
    """The state to go on from, or a new one.

    Raises:
        ExportError: ``export_differs``: the folder has an export that was begun otherwise.
    """
    if state is None:
        start = since or ORIGIN
        return State(asked, start, start)
    if state.asked != asked or since not in {None, state.since}:
        raise ExportError(
            "export_differs",
            f"The folder holds an export of {_told(state)}; repeat those choices, or export into "
            "a new folder.",
        )
    return state


def _told(state: State) -> str:
    chosen = {name: value for name, value in state.asked.items() if value is not None}
    return ", ".join(f"{name} {value}" for name, value in chosen.items()) + f" since {state.since}"


def _is_unknown(name: str, position: Position) -> bool:
    found = _OURS.fullmatch(name)
    if found is None:
        return name == f"{STATE}{_PARTIAL}"
    return found[4] is not None or Position(int(found[1]), int(found[2])) > position


def _above(files: Collection[Path], top: Path) -> set[Path]:
    """The folders that hold these files, up to the top."""
    return {it for file in files for it in file.parents if it.is_relative_to(top)}


def _force(path: Path) -> None:
    """To the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text(state: State) -> bytes:
    body = state._asdict() | {"since": str(state.since), "position": str(state.position)}
    return orjson.dumps(body, option=orjson.OPT_INDENT_2) + b"\n"
