"""What a library says ten times a second is written once in ten seconds; what we say, always."""

from __future__ import annotations

import logging

from services.runtime.logs import SPARING_SECONDS, Sparing


def line(name: str, text: str, second: float, *numbers: int) -> logging.LogRecord:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, text, numbers, None)
    record.created = 1_700_000_000 + second
    return record


def written(*lines: logging.LogRecord) -> list[float]:
    sparing = Sparing()
    return [line.created - 1_700_000_000 for line in lines if sparing.filter(line)]


def test_a_library_that_repeats_itself_is_heard_once_in_ten_seconds() -> None:
    seconds = [0.0, 0.1, SPARING_SECONDS - 1, SPARING_SECONDS, SPARING_SECONDS + 1]
    said = [line("aiokafka", "node %d is away", second, int(second)) for second in seconds]
    assert written(*said) == [0.0, SPARING_SECONDS]


def test_another_line_of_it_and_all_lines_of_ours_are_heard() -> None:
    others = [line("aiokafka", "node %d is away", 0, 1), line("aiokafka.client", "closed", 1)]
    ours = [line("services.publisher", "another publisher was here", second) for second in (2, 3)]
    assert written(*others, *ours) == [0, 1, 2, 3]
