"""The reference is what the commands say."""

from __future__ import annotations

from pathlib import Path

from services.cli.reference import reference

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "cli.md"


def test_the_page_is_generated() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run: python -m services.cli.reference > docs/reference/cli.md"
    )
