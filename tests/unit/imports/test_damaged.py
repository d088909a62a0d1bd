"""Files damaged at random are read, told of or refused: nothing else ever comes of them (B8)."""

from __future__ import annotations

import random

import pytest

from services.imports.problems import ImportFileError
from tests.support.importing import as_csv, as_xlsx, said

ROWS = [
    ["learner", "course", "activity", "completed_at", "score", "note"],
    *([f"u-{n}", "bio", "quiz", "2025-01-31", str(n), f"note, {n}"] for n in range(20)),
]
SEEDS = range(150)


def damaged(content: bytes, seed: int) -> bytes:
    """Some bytes changed, some left out, some said twice."""
    chance = random.Random(seed)
    found = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(found))
        match chance.randrange(3):
            case 0:
                found[place] = chance.randrange(256)
            case 1:
                del found[place : place + chance.randint(1, 40)]
            case _:
                found[place:place] = found[place : place + chance.randint(1, 40)]
    return bytes(found)


def outcome(content: bytes) -> str | int:
    """The code that refuses it, or how many lines were read."""
    try:
        lines, _ = said(content, ignore_columns=True)
    except ImportFileError as error:
        return error.code
    return len(lines)


@pytest.mark.parametrize("file", [as_csv, as_xlsx], ids=["csv", "xlsx"])
def test_whatever_is_damaged_is_told(file: type) -> None:
    content: bytes = file(ROWS)  # type: ignore[assignment]
    outcomes = [outcome(damaged(content, seed)) for seed in SEEDS]
    assert any(isinstance(it, str) for it in outcomes)  # so the damage was done
    assert outcome(content) == 20
