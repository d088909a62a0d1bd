"""Which completions are mailed, and under which ids (M5)."""

from __future__ import annotations

from typing import Any

import pytest

from services.domain.mailing import is_mailed
from services.publisher.fanout.notices import notice, notice_id
from services.publisher.fanout.titles import UNTITLED, Titles
from tests.support.happened import course_completed, earned, enrolled
from tests.support.programs import awarded
from tests.support.school import day
from tests.support.spec import BEFORE

ID = "riverside/u-1204/biology-1@7"


def completed(**fields: Any) -> Any:
    draft = course_completed("manual", average=90, email=True, on=0)
    return draft.completed(BEFORE | {"attempt": 2} | fields)


@pytest.mark.parametrize(
    ("event", "mailed"),
    [
        (completed(), True),
        (course_completed("manual").completed(BEFORE | {"attempt": 1}), False),
        (earned("a", "certificate").completed(BEFORE | {"attempt": 1}), False),
        (enrolled().completed(BEFORE | {"attempt": 1}), False),
        (awarded(), False),
    ],
)
def test_m5_only_a_completion_whose_command_said_so_is_mailed(event: Any, *, mailed: bool) -> None:
    assert is_mailed(event) is mailed


def test_m5_a_notice_says_whose_what_and_when_and_names_nobody() -> None:
    body = notice(completed(), ID, Titles("Biology")).model_dump()
    assert body == {
        "school": "riverside",
        "learner": "u-1204",
        "course": "biology-1",
        "course_title": "Biology",
        "attempt": 2,
        "event_id": ID,
        "completed_at": day(0),
        "average_score": 90.0,
        "manually_completed": True,
    }


def test_a_course_without_a_title_is_left_without_one() -> None:
    assert notice(completed(), ID, UNTITLED).course_title is None


def test_m5_an_attempt_has_one_id_whatever_event_it_comes_from() -> None:
    ids = {notice_id(completed(command_id=id_)) for id_ in ("c-1", "c-2")}
    assert len(ids) == 1
    others = [{"attempt": 3}, {"learner": "u-2"}, {"course": "maths"}, {"school": "hill"}]
    ids |= {notice_id(completed(**other)) for other in others}
    assert len(ids) == 5
    assert all(it.isascii() and len(it) == 36 for it in ids)
