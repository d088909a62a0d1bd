"""How-to pages do what they say: two of them here, all of them by ``make pages``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.playing import FOLDER, pages, play

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import Stack

SHORT = ["enrol-and-mark.md", "reset-for-a-retake.md"]


@pytest.mark.slow
@pytest.mark.parametrize("page", SHORT)
def test_a_page_prints_what_it_says(stack: Stack, tmp_path: Path, page: str) -> None:
    """Whoever copies a command from a page gets what the page shows."""
    played = play(FOLDER / page, stack.data, tmp_path)
    assert played.wrong == []
    assert len([block for block in played.blocks if block.prints]) > 1


def test_what_an_administrator_does_has_a_page_that_is_run() -> None:
    """M1, M2, M3, R1, B6, B7, B12: a page without a block of bash would prove nothing."""
    named = {page.name for page in pages()}
    assert set(SHORT) <= named
    assert {
        "mark-one.md",
        "mark-many.md",
        "take-it-back.md",
        "operations.md",
        "schedules.md",
    } <= named
    assert {"import.md", "migrate.md", "policies.md"} <= named
