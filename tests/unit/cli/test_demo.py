"""The demo's table says what its checks found, never what somebody typed."""

from __future__ import annotations

from services.cli.demo.chapters import CHAPTERS
from services.cli.demo.heard import Heard
from services.cli.demo.playing import rows_of
from services.cli.demo.rules import RULES
from services.cli.demo.script import Ask, Look, Proof
from services.cli.demo.seen import Seen
from services.cli.demo.stage import Judged, judge


def test_without_any_result_no_rule_is_shown() -> None:
    nothing = Seen(Heard())
    judged = [judge(proof, nothing) for chapter in CHAPTERS for proof in chapter.proofs]
    assert [it.proof.rule for it in judged if it.holds] == []


def test_a_rule_that_no_chapter_is_about_was_not_shown() -> None:
    proof = Proof("A1", "something", lambda _: True)
    rows = rows_of([Judged(proof, holds=True)])
    assert [rule for rule, _, _ in rows] == list(RULES)
    assert [rule for rule, _, holds in rows if holds] == ["A1"]


def test_a_rule_with_two_proofs_has_two_rows() -> None:
    proofs = [Judged(Proof("M6", text, lambda _: True), holds=text == "a") for text in "ab"]
    assert [row[1:] for row in rows_of(proofs) if row[0] == "M6"] == [("a", True), ("b", False)]


def test_every_rule_has_a_chapter_and_every_name_is_one_step() -> None:
    assert {proof.rule for it in CHAPTERS for proof in it.proofs} == RULES.keys()
    steps = [step for chapter in CHAPTERS for step in chapter.steps]
    names = [step.name for step in steps if isinstance(step, Ask | Look)]
    assert len(names) == len(set(names))
