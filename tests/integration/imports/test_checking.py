"""Every line of a file against what the school has, before anything is touched (B5, B8)."""

from __future__ import annotations

import io
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from contracts.directory import School, User
from services.domain.policy import Policy
from services.imports.checking import check, new_id
from services.imports.ledger import Ledger
from services.imports.opening import table
from services.imports.sql import query as import_query
from services.runtime.clock import now
from services.store.directory import Directory
from services.store.policies import set_policy
from services.store.sql import query as store_query
from tests.support.importing import as_csv, as_xlsx, choices

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.import_office import Office

OURS = ["learner", "course", "activity", "completed_at", "score", "reason", "note", "completed"]
BOTH = pytest.mark.parametrize("file", [as_csv, as_xlsx])


def line(*cells: str) -> list[str]:
    """A line of ours, filled up."""
    return [*cells, *[""] * (len(OURS) - len(cells))]


@BOTH
async def test_b8_every_problem_is_told_in_one_go_and_nothing_is_touched(
    office: Office, file: Callable[..., bytes]
) -> None:
    """One file with a line for each kind of problem; lines that are well are counted."""
    tomorrow = f"{now() + timedelta(days=1):%Y-%m-%d}"
    rows = [
        OURS,
        line("u-1", "bio", "read", "2024-05-01", "80"),
        line("u-2", "bio"),
        line("stranger", "bio", "read"),
        line("nobody@a.example", "bio", "read"),
        line("TWIN@a.example", "bio", "read"),
        line("u-1", "latin", "read"),
        line("u-1", "bio", "poem"),
        line("u-1", "chem", "lab", tomorrow),
        line("u-1", "chem", "lab", "1960-01-01"),
        line("u-1", "chem", "lab", "01/02/2024"),
        line("u-1", "chem", "lab", "", "101"),
        line("u-3", "", "lab"),
        line("u-4", "bio", "read", "2024-05-01", "50"),
        line("u-4", "bio", "read", "2024-05-01", "60"),
        line("u-1", "bio", "read", "2024-05-01", "80.0"),
        line("u-5", "phys", "", "", "", "", "", "no"),
        line("u-5", "phys", "", "2024-05-01", "", "", "", "yes"),
    ]
    before = await office.streams()
    found = await office.check(file(rows))
    assert found.codes == [
        (4, "learner", "unknown_learner"),
        (5, "learner", "unknown_learner"),
        (6, "learner", "ambiguous_email"),
        (7, "course", "unknown_course"),
        (8, "activity", "unknown_activity"),
        (9, "completed_at", "date_in_future"),
        (10, "completed_at", "date_too_early"),
        (11, "completed_at", "date_ambiguous"),
        (12, "score", "score_out_of_range"),
        (13, "course", "completed_without_course"),
        (14, None, "conflicting_rows"),
        (15, None, "conflicting_rows"),
    ]
    assert found.harmless == [(16, "duplicate_line")]
    assert "line 15" in found.problems[10].message
    assert "line 14" in found.problems[11].message
    assert found.counts._asdict() == {
        "rows": 4,
        "learners": 3,
        "courses": 2,
        "completions": 2,
        "enrolments": 2,
        "refused": 12,
        "new_people": 0,
        "tagged": 0,
    }
    assert await office.streams() == before


async def test_a3_what_another_school_has_is_unknown_here(office: Office) -> None:
    other = f"{office.school}x"
    directory = Directory(office.log.pool)
    await directory.put_schools([School(school=other, plan="starter")])
    await directory.put_users([User(school=other, user="theirs", email="theirs@a.example")])
    rows = [["learner", "email", "course"], ["theirs", "", "bio"], ["", "theirs@a.example", "bio"]]
    codes = [code for _, _, code in (await office.check(as_csv(rows))).codes]
    assert codes == ["unknown_learner", "unknown_learner"]


async def test_a_learner_is_found_by_id_address_or_name(office: Office) -> None:
    rows = [
        ["learner", "email", "username", "course"],
        ["u-1", "", "", "bio"],
        ["", "U1@A.example", "", "chem"],
        ["", "", "u-1", "phys"],
        ["u2@a.example", "", "", "bio"],
        ["", "", "person 2", "chem"],
        ["", "", "twin", "bio"],
        ["u-1", "u2@a.example", "", "bio"],
    ]
    found = await office.check(as_csv(rows))
    assert found.counts.learners == 2
    assert found.codes == [
        (7, "username", "ambiguous_username"),
        (8, "learner", "email_of_another"),
    ]


async def test_m3_courses_and_programmes_of_learnworlds_users(office: Office) -> None:
    """Every course of a programme, each once; whole courses, complete where that is chosen."""
    rows = [
        ["Email", "Courses", "Learning programs"],
        ["u1@a.example", "bio | phys", "p-green"],
        ["u2@a.example", "", "p-green"],
        ["u3@a.example", "bio", "p-red"],
    ]
    found = await office.check(as_csv(rows), complete=True)
    assert found.codes == [(4, "Learning programs", "unknown_program")]
    assert (found.counts.rows, found.counts.completions) == (5, 5)
    alone = await office.check(as_csv(rows[:3]))
    assert (alone.counts.completions, alone.counts.enrolments) == (0, 5)


async def test_a_line_that_does_nothing_is_told(office: Office) -> None:
    """Without --enroll nobody is enrolled, so a line that completes nothing does nothing."""
    found = await office.check(as_csv([["learner", "course"], ["u-1", "bio"]]), enroll=False)
    assert found.codes == [(2, None, "nothing_to_do")]


@BOTH
async def test_passwords_refuse_the_file_and_are_kept_nowhere(
    office: Office, file: Callable[..., bytes]
) -> None:
    rows = [["Email", "Courses", "Password"], ["u1@a.example", "bio", "hunter2"]]
    found = await office.check(file(rows))
    assert [(it.code, it.whole_file) for it in found.problems] == [("password_column", True)]
    assert "hunter2" not in repr(found)
    rows[1][2] = ""
    assert (await office.check(file(rows))).problems == []


async def test_new_people_are_a_problem_unless_they_are_wanted(office: Office) -> None:
    """Their ids follow from school and address; who is known is not touched."""
    rows = [
        ["First name", "Last name", "Email", "Courses", "Tags"],
        ["Grace", "Hopper", "Grace@a.example", "bio", "navy"],
        ["Grace", "Hopper", "grace@a.example", "chem", "cobol"],
        ["Other", "Name", "u1@a.example", "bio", "vip"],
    ]
    refused = await office.check(as_csv(rows))
    assert [code for _, _, code in refused.codes] == ["unknown_learner", "unknown_learner"]
    found = await office.check(as_csv(rows), create_users=True)
    assert found.codes == []
    assert (found.counts.new_people, found.counts.tagged, found.checked.tags_left) == (1, 0, 1)
    assert new_id("s", "A@b") == new_id("s", "a@B") != new_id("t", "a@b")


async def test_lines_that_give_a_new_person_two_names_are_told(office: Office) -> None:
    """Otherwise the order of the file would say which stands."""
    rows = [
        ["learner", "Username", "Email", "Course"],
        ["", "Grace", "g@a.example", "bio"],
        ["", "Gracie", "G@a.example", "chem"],
        ["", "", "g@a.example", "phys"],
        ["n-1", "Alan", "t@a.example", "bio"],
        ["n-2", "Alan", "t@a.example", "chem"],
    ]
    found = await office.check(as_csv(rows), create_users=True)
    assert {(line, code) for line, _, code in found.codes} == {
        (number, "conflicting_person") for number in range(2, 7)
    }


async def test_one_enrolment_has_one_day(office: Office) -> None:
    rows = [
        ["learner", "course", "activity", "enrolled_at"],
        ["u-1", "bio", "read", "2024-01-01"],
        ["u-1", "bio", "quiz", "2024-01-02"],
        ["u-1", "bio", "exam", ""],
        ["u-2", "bio", "read", "2024-01-01"],
        ["u-2", "bio", "quiz", ""],
    ]
    found = await office.check(as_csv(rows))
    assert found.codes == [
        (2, "enrolled_at", "conflicting_enrolments"),
        (3, "enrolled_at", "conflicting_enrolments"),
    ]


async def test_b3_b4_the_schools_policy_is_held_against_each_line(office: Office) -> None:
    policy = Policy(
        max_import_backdating_days=30, reasons=frozenset({"migration"}), note_required=True
    )
    await set_policy(office.log.pool, office.school, policy)
    recent = f"{now() - timedelta(days=2):%Y-%m-%d}"
    rows = [
        OURS,
        line("u-1", "bio", "read", recent, "", "", "paper 7"),
        line("u-2", "bio", "read", "2020-01-01", "", "", "paper 8"),
        line("u-3", "bio", "read", recent, "", "tested_out", "paper 9"),
        line("u-4", "bio", "read", recent),
        line("u-5", "bio", "", "", "", "", "", "no"),
    ]
    found = await office.check(as_csv(rows))
    assert found.codes == [
        (3, "completed_at", "backdating_not_allowed"),
        (4, "reason", "reason_not_allowed"),
        (5, "note", "note_required"),
    ]


async def test_a_file_cut_off_is_told_with_what_stands_before(office: Office) -> None:
    content = as_csv([["learner", "course"], ["stranger", "bio"]]) + b'u-1,"bi'
    found = await office.check(content)
    assert found.codes == [(2, "learner", "unknown_learner"), (3, None, "cut_off")]
    assert found.problems[1].whole_file


async def test_headings_alone_are_no_file(office: Office) -> None:
    found = await office.check(b"learner,course\n")
    assert found.codes == [(None, None, "empty_file")]


async def test_a_long_file_takes_no_more_memory_than_a_short_one(office: Office) -> None:
    """20,000 lines, each with a problem or a row, within 2 MiB of what 6,000 take."""

    async def peak(lines: int) -> int:
        rows = ([f"u-{n % 9 + 1}", "bio", "read", "", str(n % 200)] for n in range(lines))
        content = as_csv([OURS[:5], *rows])
        tracemalloc.start()
        try:
            with Ledger() as ledger, table(io.BytesIO(content)) as found:
                chosen = choices(school=office.school, now=now(), enroll=True)
                checked = await check(office.log, found, chosen, ledger)
                assert checked.lines == lines
                assert ledger.counts().refused > 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    await peak(100)  # what is loaded once
    short, long = await peak(6_000), await peak(20_000)
    assert long < short + 2 * 1024**2


@pytest.mark.parametrize("column", ["email", "name"])
async def test_b8_people_are_looked_up_by_an_index_however_many_a_school_has(
    office: Office, column: str
) -> None:
    wanted = {"email": store_query("users_by_email"), "name": import_query("users_by_name")}
    many = [
        User(school=office.school, user=f"n-{it}", name=f"N {it}", email=f"n{it}@riverside.test")
        for it in range(5_000)
    ]
    await Directory(office.log.pool).put_users(many)
    await office.log.pool.execute("analyze users")
    plan = await office.log.pool.fetch(f"explain {wanted[column]}", office.school, ["n 17"])
    assert f"users_by_{column}" in "\n".join(row[0] for row in plan)
