"""A command from flags: what its contract asks for, and no flag that it would not look at."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.commands import (
    Command,
    EnrollLearner,
    ImportCompletion,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
    TimeSpent,
)
from services.cli.send.flags import from_flags
from services.cli.send.outgoing import NotSendableError

WHO = {"school": "riverside", "learner": "u-1", "course": "biology"}
ADMIN = {**WHO, "actor": "ada"}


@pytest.mark.parametrize(
    ("name", "flags", "command"),
    [
        ("enroll_learner", WHO, EnrollLearner(**WHO)),
        (
            "mark_complete",
            {**ADMIN, "activity": ["a", "b"], "send_completion_email": False},
            MarkComplete(**ADMIN, activities=("a", "b"), send_completion_email=False),
        ),
        (
            "mark_complete",
            {**ADMIN, "whole_course": True, "send_completion_email": True, "reason": "tested_out"},
            MarkComplete(
                **ADMIN,
                activities="whole_course",
                send_completion_email=True,
                reason="tested_out",
            ),
        ),
        (
            "reset_progress",
            {**ADMIN, "activity": ["a"]},
            ResetProgress(**ADMIN, activities=("a",)),
        ),
        (
            "import_completion",
            {**ADMIN, "whole_course": True, "score": 71.0, "send_completion_email": False},
            ImportCompletion(**ADMIN, whole_course=True, score=71.0, send_completion_email=False),
        ),
        (
            "record_activity",
            {**WHO, "activity": ["a"], "signal": "submission", "score": 80.0},
            RecordActivity(**WHO, activity="a", signal=Submission(score=80.0)),
        ),
        (
            "record_activity",
            {**WHO, "activity": ["a"], "signal": "time_spent", "seconds": 90},
            RecordActivity(**WHO, activity="a", signal=TimeSpent(seconds=90)),
        ),
    ],
)
def test_flags_make_the_command(name: str, flags: dict[str, Any], command: Command) -> None:
    assert from_flags(name, {**flags, "note": None, "id": None}).command == command


@pytest.mark.parametrize(
    ("name", "flags", "saying"),
    [
        ("mark_complete", {**ADMIN, "activity": ["a"]}, "send_completion_email: is missing"),
        ("mark_complete", {**WHO, "score": 4.0}, "mark_complete takes no --score"),
        ("enroll_learner", {**WHO, "activity": ["a"]}, "enroll_learner takes no --activity"),
        ("record_activity", {**WHO, "activity": ["a", "b"]}, "takes one"),
        ("record_activity", {**WHO, "activity": ["a"], "signal": "wink"}, "unknown 'kind'"),
        ("school", {"school": "s"}, "with --file"),
        ("teleport", WHO, "type is one of"),
    ],
)
def test_what_makes_no_command_is_said(name: str, flags: dict[str, Any], saying: str) -> None:
    with pytest.raises(NotSendableError) as refused:
        from_flags(name, flags)
    assert saying in str(refused.value)
