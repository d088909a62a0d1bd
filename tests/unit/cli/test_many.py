"""Mark, reset and enrol from options: for whom, what is sent, and what is asked first."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
import typer

from contracts.commands import EnrollLearner, MarkComplete, ResetProgress
from contracts.operations import BulkEnroll, BulkMarkComplete
from contracts.topics import COMMANDS
from services.cli.many import learners
from services.cli.many.learners import Resolved, UnknownLearnersError
from services.cli.many.options import Whom
from services.cli.many.request import Request, parts, request, sentence, single
from services.cli.send.outgoing import NotSendableError, prepare
from services.runtime.spreadsheets import safe
from services.runtime.topology import TOPICS

if TYPE_CHECKING:
    from pathlib import Path

MARK = {"course": "biology", "activities": "whole_course", "send_completion_email": True}


def whom(**more: Any) -> Whom:
    return Whom(school="s", actor="ada", **more)


def asked(verb: Any = "mark", own: dict[str, Any] = MARK, **more: Any) -> Request:
    return request(verb, whom(**more), **own)


# M1, B3: one learner is one command, which says where it comes from.
def test_one_learner_is_one_command() -> None:
    mark = single(asked(note="why"), "u-1", dry_run=False)
    assert mark is not None
    assert mark.command == MarkComplete(
        school="s", learner="u-1", actor="ada", source="console", note="why", **MARK
    )
    reset = single(asked("reset", {"course": "c", "activities": ("a",)}), "u-1", dry_run=True)
    assert reset is not None
    assert isinstance(reset.command, ResetProgress)
    assert reset.command.dry_run


# M2, B2: a list of 10,001 is sent in parts that each fit a message; one message of them is none.
def test_ten_thousand_and_one_are_sent_in_parts() -> None:
    longest = [f"{number:0>128}" for number in range(10_001)]
    sent = parts(asked(note="é" * 2_000), longest, "op", dry_run=False)
    limit = TOPICS[COMMANDS].max_message_bytes
    assert len(sent) == 11
    assert all(len(it.message.value or b"") < limit for it in sent)
    whole = {**asked().fields, "operation": "op", "learners": tuple(longest)}
    with pytest.raises(NotSendableError, match="learners: has too many entries; send at most 1,0"):
        prepare(1, "bulk_mark_complete", whole)


# M3: what no single command can say becomes an operation: programmes, marking, reasons, a date.
@pytest.mark.parametrize(
    "fields",
    [
        {"courses": ("a", "b")},
        {"programs": ("p",)},
        {"courses": ("a",), "mark_complete": True, "send_completion_email": False},
        {"courses": ("a",), "reason": "migration"},
        {"courses": ("a",), "start_at": "2099-01-01T00:00:00Z"},
    ],
)
def test_an_enrolment_that_says_more_is_an_operation(fields: dict[str, Any]) -> None:
    wanted = Request("enrol", {"school": "s", "actor": "ada", "source": "console", **fields})
    assert single(wanted, "u-1", dry_run=False) is None
    [part] = parts(wanted, ["u-1"], "op", dry_run=False)
    assert isinstance(part.command, BulkEnroll)
    plain = Request("enrol", {"school": "s", "actor": "ada", "courses": ("a",)})
    alone = single(plain, "u-1", dry_run=False)
    assert alone is not None
    assert isinstance(alone.command, EnrollLearner)


# M2, B1: parts of 1,000 in order, whose ids follow from the operation's, and from nothing else.
def test_many_learners_go_out_in_parts_that_can_be_sent_again() -> None:
    named = [f"u-{number}" for number in range(2_500)]
    first = parts(asked(), named, "op", dry_run=False)
    commands = [it.command for it in first]
    assert all(isinstance(it, BulkMarkComplete) for it in commands)
    shapes = [(it.part, it.parts, len(it.learners)) for it in commands]  # type: ignore[union-attr, arg-type]
    assert shapes == [(1, 3, 1_000), (2, 3, 1_000), (3, 3, 500)]
    assert [id_ for it in commands for id_ in it.learners] == named  # type: ignore[union-attr]
    again = parts(asked(), named, "op", dry_run=False)
    assert [it.id for it in again] == [it.id for it in first]
    other = parts(asked(), named, "another", dry_run=False)
    assert not {it.id for it in other} & {it.id for it in first}
    assert uuid.UUID(first[0].id).version == 5


def test_a_search_goes_out_by_its_name() -> None:
    [part] = parts(asked(), "late ones", "op", dry_run=True)
    assert isinstance(part.command, BulkMarkComplete)
    assert (part.command.search, part.command.learners, part.command.dry_run) == (
        *("late ones", None),
        True,
    )


# M5: what is wrong with the options is said in a sentence, before anything is sent.
def test_a_missing_choice_of_the_email_is_told() -> None:
    with pytest.raises(NotSendableError, match="send_completion_email: is missing"):
        parts(asked(own={**MARK, "send_completion_email": None}), ["u-1"], "op", dry_run=False)


@pytest.mark.parametrize(
    ("wanted", "named", "said"),
    [
        (
            asked(),
            ["a", "b"],
            "Mark the whole course biology complete for 2 learners of s with the e-mail.",
        ),
        (
            asked("reset", {"course": "c", "activities": tuple("abcde")}),
            "late ones",
            "Reset a, b, c and 2 more of c for everyone of s whom the search “late ones” finds.",
        ),
        (
            asked("enrol", {"courses": ("x",), "programs": ("p",)}, start_at="T"),
            ["a"],
            "Enrol 1 learner of s in x, every course of p, not before T.",
        ),
    ],
)
def test_it_says_what_it_will_do(wanted: Request, named: Any, said: str) -> None:
    assert sentence(wanted, named) == said


def test_for_whom_is_said_in_one_way_alone(tmp_path: Path) -> None:
    assert learners.named(whom(learner=["a", "b"])) == ["a", "b"]
    assert learners.named(whom(search="late ones")) == "late ones"
    empty = tmp_path / "empty.txt"
    empty.write_text("\n \n")
    for wrong in (
        whom(),
        whom(learner=["a"], search="late ones"),
        whom(learners=empty),
        whom(learners=tmp_path / "nowhere"),
    ):
        with pytest.raises(typer.BadParameter):
            learners.named(wrong)


# Bad input: byte-order marks, empty lines, Windows' line ends, headings, delimiters, other bytes.
@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.txt", b"\xef\xbb\xbfu-1\r\n\r\n  u,2 \n", ["u-1", "u,2"]),
        ("a.csv", b'E-mail,Name\na@b.c,Ada\n,\n"x;y",Ben\n', ["a@b.c", "x;y"]),
        ("a.csv", b"u-1;Ada\nu-2;Ben\n", ["u-1", "u-2"]),
        ("a.CSV", b"learner\tgroup\nu-1\tA\n", ["u-1"]),
    ],
)
def test_files_of_learners(tmp_path: Path, name: str, content: bytes, found: list[str]) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert learners.from_file(file) == found


def test_a_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes(b"u-1\nm\xfcller\n")
    with pytest.raises(typer.BadParameter, match="line 2: is not UTF-8"):
        learners.from_file(file)


# A3: whoever is not of the school is told before anything is sent, or left out on request.
def test_unknown_learners_stop_it_unless_they_may_be_left_out() -> None:
    found = Resolved(["u-1"], 1, ["nobody"], ["two@s.example"])
    with pytest.raises(UnknownLearnersError, match="s has no nobody; several users of s have two"):
        learners.refuse_unknown("s", found, skip=False)
    said = learners.refuse_unknown("s", found, skip=True)
    assert said is not None
    assert "1 named again count once" in said
    with pytest.raises(UnknownLearnersError):
        learners.refuse_unknown("s", Resolved([], 0, ["nobody"], []), skip=True)
    assert learners.refuse_unknown("s", Resolved(["u-1"], 0, [], []), skip=False) is None


def test_only_so_many_unknown_ones_are_listed() -> None:
    many = [f"n{number}" for number in range(50)]
    with pytest.raises(UnknownLearnersError, match="n19 and 30 more"):
        learners.refuse_unknown("s", Resolved(["u"], 0, many, []), skip=False)


# B6: files for people are safe to open in a spreadsheet (OWASP, CSV injection).
@pytest.mark.parametrize("cell", ["=cmd()", "+1", "-1", "@a", "\ta", "\rb"])
def test_a_cell_that_would_be_a_formula_is_made_harmless(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    assert (safe("a=b"), safe(None), safe(3)) == ("a=b", "", "3")
