"""A workbook of real lines, with 40 errors of different kinds planted in it."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from benchmarks.oulad.completions import HEADINGS, Cells

LINES = 20_000
ERRORS = 40
_PLACES = {name: place for place, name in enumerate(HEADINGS)}
_KINDS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("unknown_learner", {"learner": "stranger"}),
    ("missing_learner", {"learner": None}),
    ("number_too_long", {"learner": 12345678901234567890}),
    ("not_text", {"learner": time(9, 30)}),
    ("formula", {"learner": '=HYPERLINK("http://a.example")'}),
    ("formula", {"score": "=cmd()"}),
    ("unknown_course", {"course": "ZZZ-2099J"}),
    ("completed_without_course", {"course": None}),
    ("unknown_activity", {"activity": "assessment-0"}),
    ("date_in_future", {"completed_at": "2999-12-31"}),
    ("date_too_early", {"completed_at": "1960-01-01"}),
    ("date_ambiguous", {"completed_at": "03/04/2014"}),
    ("date_unreadable", {"completed_at": "30/02/2014"}),
    ("date_unreadable", {"enrolled_at": 41640}),
    ("score_out_of_range", {"score": 101}),
    ("score_out_of_range", {"score": -0.5}),
    ("not_a_number", {"score": "A+"}),
    ("unknown_reason", {"reason": "because"}),
    ("not_yes_or_no", {"completed": "perhaps"}),
)
"""Two of each, and two lines that contradict each other."""


def planted(lines: Sequence[Cells], seed: int) -> tuple[list[list[Any]], dict[int, str]]:
    """The first lines with the errors in them; the code that each of those lines has to get."""
    chosen = [list[Any](line) for line in lines[:LINES]]
    of_activities = [place for place, line in enumerate(chosen) if line[_PLACES["activity"]]]
    places = iter(random.Random(seed).sample(of_activities, ERRORS))
    expected: dict[int, str] = {}
    for code, changed in (*_KINDS, *_KINDS):
        place = next(places)
        for name, value in changed.items():
            chosen[place][_PLACES[name]] = value
        expected[place + 2] = code
    one, other = next(places), next(places)
    chosen[other] = list(chosen[one])
    chosen[one][_PLACES["score"]], chosen[other][_PLACES["score"]] = 10, 20
    return chosen, expected | {one + 2: "conflicting_rows", other + 2: "conflicting_rows"}


def write(path: Path, lines: Sequence[Sequence[Any]]) -> Path:
    """Write them as a workbook."""
    made = Workbook(write_only=True)
    sheet = made.create_sheet("Completions")
    for line in (HEADINGS, *lines):
        sheet.append(list(_typed(line)))
    made.save(path)
    return path


def _typed(line: Sequence[Any]) -> Iterator[Any]:
    """Scores as numbers and empty cells as none, as a spreadsheet has them."""
    for place, cell in enumerate(line):
        is_score = place == _PLACES["score"] and isinstance(cell, str) and cell.isdecimal()
        yield int(cell) if is_score else None if cell == "" else cell
