"""One ``coursemark up`` on a data folder; the second says whose it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from services.runtime.alone import FolderInUseError, alone_in

if TYPE_CHECKING:
    from pathlib import Path


def test_the_second_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    with (
        alone_in(tmp_path),
        pytest.raises(FolderInUseError, match=rf"process {os.getpid()}\)"),
        alone_in(tmp_path),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with alone_in(tmp_path):
            assert (tmp_path / "run" / "up.lock").read_text() == f"{os.getpid()}\n"
