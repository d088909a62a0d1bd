"""What ``make previews`` counts and compares: a difference without its reason is told (B5)."""

from __future__ import annotations

from collections import Counter

from benchmarks.previews import counting, school
from benchmarks.previews.comparing import Line, Why, compared, merged
from benchmarks.previews.counting import failed, left, of_command, rows_of, skipped


def answer(learner: str, kind: str, code: str | None = None, **more: object) -> dict[str, object]:
    name = f"coursemark.commands.{kind}.v1"
    found = {"learner": learner, "course": "c", "command_type": name, **more}
    return found if code is None else found | {"code": code}


def test_b5_a_difference_is_explained_by_just_as_many() -> None:
    assert Line("rows done", 5, 5, ()).is_explained
    assert not Line("rows done", 5, 4, ()).is_explained
    assert Line("rows done", 5, 4, [Why(-1, "one was quicker")]).is_explained
    assert not Line("rows done", 5, 5, [Why(-1, "one was quicker")]).is_explained
    assert not Line("rows done", 5, 3, [Why(-1, "one was quicker")]).is_explained
    assert "DIFFERS by -2" in Line("rows done", 5, 3, [Why(-1, "one was quicker")]).verdict


def test_b5_what_only_one_of_both_has_is_compared_too() -> None:
    foreseen, happened = Counter({"Zaps": 1, "notices": 0}), Counter({"rows done": 2})
    reasons = merged({"rows done": Why(1, "first")}, {"rows done": Why(1, "second")})
    assert [(it.what, it.is_explained) for it in compared(foreseen, happened, reasons)] == [
        ("rows done", True),
        ("Zaps", False),
    ]


def test_a_row_is_a_command_and_the_enrolment_before_it() -> None:
    answers = [
        answer("enrolled", "mark_complete", "already_complete"),
        answer("enrolled", "enroll_learner", "already_enrolled"),
        answer("new", "import_completion"),
        answer("new", "import_completion", "already_complete"),
        answer("new", "enroll_learner"),
        answer("nobody", "enroll_learner", "unknown_learner"),
        answer("nobody", "mark_complete", "unknown_learner"),
        answer("alone", "mark_complete", skipped=[{"activity": "a", "code": "already_complete"}]),
    ]
    assert rows_of(answers, {"already_complete", "already_enrolled"}) == Counter(
        {
            counting.DONE: 2,
            skipped("already_complete"): 2,
            failed("unknown_learner"): 1,
            left("already_complete"): 1,
        }
    )


def test_the_commands_file_and_json_are_the_same_counts() -> None:
    effects = {"emails": 1, "webhooks": 2, "zaps": 0}
    report = {"done": 1, "skipped": {}, "failed": {"not_enrolled": 1}, "effects": effects}
    row = {
        "changes": "3 activity_completed, 1 course_completed",
        "left": "quiz: already_complete",
        "stays_locked": "lab, exam",
    }
    nothing = {"changes": "", "left": "", "stays_locked": ""}
    assert of_command(report, [row, nothing]) == Counter(
        {
            counting.DONE: 1,
            failed("not_enrolled"): 1,
            counting.event("activity_completed"): 3,
            counting.event("course_completed"): 1,
            left("already_complete"): 1,
            counting.LOCKED: 2,
            counting.EMAILS: 1,
            counting.NOTICES: 1,
            counting.WEBHOOKS: 2,
            counting.ON_WEBHOOKS: 4,
            counting.ON_ZAPIER: 4,
        }
    )


def test_the_short_schools_groups_have_learners_of_every_state() -> None:
    """Forty-eight are as many as two ways of standing combine to, twice over."""
    found = {(school.stands(number), school.safety(number)) for number in range(48)}
    silent = {school.is_silent(school.learner("mark", number)) for number in range(48)}
    assert (len(found), silent) == (24, {True, False})
