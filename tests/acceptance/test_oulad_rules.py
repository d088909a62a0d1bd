"""The Open University's records through the rules alone, beside a model written another way.

All 239,014 commands are decided and folded in memory, each learner and course by itself, and
compared with ``benchmarks.oulad.expected``: L1, B4, M6 to M8, M12, M13, R2, R4 to R6 on real
data. Whatever takes the commands through a broker and a log has to come to the same.
"""

from __future__ import annotations

import pytest

from benchmarks.oulad import mapping
from benchmarks.oulad.expected import Expected, expect
from benchmarks.oulad.source import Tables, read
from contracts.directory import User
from tests.support import oulad

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tables() -> Tables:
    folder = oulad.folder()
    if folder is None:
        pytest.skip("no Open University data beside the repository; name them: COURSEMARK_OULAD")
    return read(folder)


@pytest.fixture(scope="module")
def expected(tables: Tables) -> Expected:
    return expect(tables)


@pytest.fixture(scope="module")
def outcome(tables: Tables) -> oulad.Outcome:
    return oulad.replay(tables)


def test_there_are_239014_commands_and_no_id_twice(tables: Tables) -> None:
    ids = [command_id for command_id, _ in mapping.commands(tables)]
    assert len(ids) == 239_014
    assert len(set(ids)) == 239_014


def test_all_learners_and_courses_are_announced(tables: Tables) -> None:
    users = [one for one in mapping.directory(tables) if isinstance(one, User)]
    assert len(users) == 28_785 + 1
    assert [user.user for user in users if user.role_level == "admin"] == ["registrar"]
    activities = [len(list(course.activities())) for course in mapping.catalog(tables)]
    assert (len(activities), sum(activities)) == (22, 206)
    with_vle = [len(list(course.activities())) for course in mapping.catalog(tables, vle=True)]
    assert sum(with_vle) == 206 + 6_364


def test_b2_every_command_gets_the_result_that_the_rules_ask_for(
    expected: Expected, outcome: oulad.Outcome
) -> None:
    assert dict(outcome.results) == dict(expected.results)
    assert outcome.results.total() == 239_014


def test_every_event_is_one_that_the_rules_ask_for(
    expected: Expected, outcome: oulad.Outcome
) -> None:
    assert dict(outcome.events) == dict(expected.events)


def test_every_learner_stands_where_the_rules_put_them(
    expected: Expected, outcome: oulad.Outcome
) -> None:
    assert len(outcome.progress) == 32_593
    assert _differing(outcome.progress, expected.progress) == []


def test_every_activity_stands_where_the_rules_put_it(
    expected: Expected, outcome: oulad.Outcome
) -> None:
    assert len(outcome.activities) > 100_000
    assert _differing(outcome.activities, expected.activities) == []


def test_m13_the_whole_course_means_its_optional_activities_too(tables: Tables) -> None:
    some = oulad.sample(tables, learners=150, seed=170_171)
    expected, outcome = expect(some, vle=True), oulad.replay(some, vle=True)
    assert dict(outcome.results) == dict(expected.results)
    assert dict(outcome.events) == dict(expected.events)
    assert _differing(outcome.progress, expected.progress) == []
    assert _differing(outcome.activities, expected.activities) == []


def _differing(rows: list[tuple[str, ...]], lines: list[str]) -> list[str]:
    """The first few that stand on one side alone, with the side."""
    ours = [",".join(row) for row in rows]
    if ours == lines:
        return []
    found = [f"only by the rules: {line}" for line in sorted(set(ours) - set(lines))[:5]]
    wanted = [f"only expected: {line}" for line in sorted(set(lines) - set(ours))[:5]]
    return found + wanted or ["the same lines in another order"]
