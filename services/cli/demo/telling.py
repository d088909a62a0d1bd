"""The story for a person: chapters, commands, results, cards, and the table at the end."""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contracts.catalog import CourseStructure, LearningProgram
from contracts.directory import School, User
from services.cli.demo import lines
from services.cli.demo.calling import Answer
from services.cli.demo.lines import WIDTH
from services.cli.demo.rules import RULES
from services.cli.demo.school import RIVERSIDE
from services.cli.demo.script import (
    Ask,
    Call,
    Chapter,
    Entry,
    File,
    Garbage,
    Look,
    Proof,
    Rebuild,
    Stand,
)
from services.cli.demo.seen import Rebuilt, Watched
from services.cli.operations.bars import behind
from services.cli.output import console
from services.cli.schedules.wording import comes, does
from services.cli.send.printing import STYLES, effects
from services.cli.show.printing import show
from services.cli.show.words import named
from services.cli.watch.printing import for_person
from services.domain.policy import Policy
from services.domain.schedules import Schedule
from services.imports.problems import Problem
from services.runtime.bus.letters import MARK
from services.runtime.bus.outbox import Message
from services.runtime.bus.record import Record
from services.store.schedules import Slot
from services.views.cards.card import Card

FIRST_ERROR = 400
"""HTTP statuses from here on refuse."""
ROWS = 3
"""Rows that are shown of an operation."""
_PREFACE = (
    "PostgreSQL, a Kafka-protocol broker and Coursemark's parts start in a temporary folder. "
    "All that follows is done by commands on Kafka: ▸ as sent, ◂ as answered. Cards (✓ complete, "
    "○ open, ✗ locked) come from the views, as `coursemark show` prints them in full; events from "
    "coursemark.events.v1, as `coursemark watch` prints them."
)


class Teller:
    """Prints as it happens; also hears from the supervisor."""

    def __init__(self) -> None:
        self._console = console()
        self._chapters = 0
        self._files: set[str] = set()

    def opening(self) -> None:
        """Before anything runs."""
        self._say(Text("Coursemark, shown on a made-up school", "bold"))
        self._prose(_PREFACE)
        self._say()

    def ready(self, name: str, seconds: float) -> None:
        """A server or part is at work."""
        self._say(Text("   ✓ ", "green").append(f"{name:<20} after {seconds:.1f} s", "default"))

    def died(self, name: str, how: str, pause: float) -> None:
        """A part died, and comes again."""
        self._say(Text(f"   ! {name} {how.strip()}; again in {pause:.1f} s", "yellow"))

    def stopped(self, name: str) -> None:
        """As it should; the farewell says it of all."""

    def chapter(self, chapter: Chapter) -> None:
        """Its number, title, rules and plot."""
        heading = Text(f"{self._chapters:>2}  {chapter.title}", "bold")
        rules = "  ".join(proof.rule for proof in chapter.proofs if proof.rule in RULES)
        heading.append(" " * max(2, WIDTH - len(heading) - len(rules)))
        self._chapters += 1
        self._rule()
        self._say(heading.append(rules, "cyan"))
        self._prose(chapter.plot)
        self._say()

    def published(
        self,
        entries: Sequence[Entry],
        evaluations: Sequence[Mapping[str, Any]],
    ) -> None:
        """What went to directory and catalog, and what Coursemark then asked of itself."""
        kinds = [type(entry) for entry in entries]
        if User in kinds:
            schools, users = kinds.count(School), kinds.count(User)
            words = f"{schools} schools, {users:,} users" if schools else f"{users:,} users"
            self._line("▸", "directory", Text(words))
        for entry in entries:
            if isinstance(entry, CourseStructure):
                self._line("▸", "course_structure", Text(lines.structure(entry)))
            elif isinstance(entry, LearningProgram):
                self._line("▸", "learning_program", Text(lines.program(entry)))
        moved = [result for result in evaluations if result.get("events")]
        for result in moved:
            self._line("▸", "evaluate_course", Text(lines.place(result), "bold"))
            self._result(result)
        if evaluations:
            rest = f"{len(evaluations) - len(moved)} other learners, of whom nothing changes"
            self._line("▸", "evaluate_course", Text(rest))

    def answered(self, ask: Ask, result: Mapping[str, Any]) -> None:
        """A command and its result."""
        self._line("▸", ask.type, lines.command(ask))
        self._result(result)

    def called(self, call: Call, answer: Answer) -> None:
        """A request of the API and its answer."""
        self._line("▸", call.method, lines.request(call))
        style = STYLES["accepted" if answer.status < FIRST_ERROR else "rejected"]
        self._line("◂", str(answer.status), Text(lines.answer(answer.body)), style=style)

    def awarded(self, award: Mapping[str, Any]) -> None:
        """A learning programme that was completed."""
        self._line("◂", "completed", Text(lines.award(award)), style=STYLES["accepted"])

    def buried(self, step: Garbage, letter: Record) -> None:
        """Garbage and its dead letter."""
        marks = {name: value or b"" for name, value in letter.headers if name.startswith(MARK)}
        error = marks[f"{MARK}error"].decode()
        self._line("▸", "no command", Text(repr(step.value)))
        self._line("◂", "dead letter", Text(f"on {letter.topic}: {error}"), style="red")

    def wire(self, sent: Message, result: Record) -> None:
        """A command and its result as Kafka has them."""
        self._say()
        for mark, message in (("▸", sent), ("◂", result)):
            self._line(mark, message.topic, Text(""))
            self._say(Text(lines.wire(message), "dim"))
        self._say()

    def heard(self, records: Sequence[Record]) -> None:
        """Events as ``coursemark watch`` prints them."""
        self._caption("coursemark watch")
        for record in records:
            for_person(record)
        self._say()

    def card(self, step: Look, card: Card, when: datetime | None) -> None:
        """A card in brief, or as ``coursemark show`` prints it."""
        if not step.full:
            words = lines.brief(card.courses[0], named(step.learner, card.people))
            self._line("", "card", words)
            return
        at = "" if when is None else f" --at {when:%Y-%m-%dT%H:%M:%S.%fZ}"
        self._caption(f"coursemark show {card.school} {step.learner} --course {step.course}{at}")
        show(card, None if when is None else f"As recorded by {when:%Y-%m-%d %H:%M:%S} UTC")

    def rebuilt(self, step: Rebuild, rebuilt: Rebuilt) -> None:
        """What a rebuild and the checks came to."""
        self._caption(f"coursemark projections rebuild {step.view}; coursemark projections check")
        self._prose(
            f"{rebuilt.events} events were folded into a new view, which was swapped in; "
            f"{rebuilt.reads} reads meanwhile, of which {rebuilt.missed} missed a row. "
            f"{rebuilt.differing} rows of all views differ from the log."
        )

    def watched(self, watched: Watched) -> None:
        """How far an operation came, report by report, and what became of its rows."""
        told = {(it.state, behind(it)): it for it in watched.before}
        for report in told.values():
            state = report.state.removeprefix("completed_").replace("_", " ")
            self._line("◂", state, lines.progress(report))
        last = watched.report
        self._line("", "", Text(lines.counts(last)))
        if watched.effects is not None:
            words = f"{effects(watched.effects.model_dump())} would go out"
            self._line("", "", Text(words))
        for row in watched.rows[:ROWS]:
            self._line("", "", Text(f"{row.learner} {row.code}: {row.message}", "dim"))
        if last.message is not None:
            self._line("", "", Text(last.message, "yellow"))

    def standing(self, step: Stand, found: Mapping[str, int]) -> None:
        """Learners of a course by status."""
        self._caption(f"coursemark reports standing {RIVERSIDE} --course {step.course}")
        words = ", ".join(f"{it.replace('_', ' ')} {count:,}" for it, count in found.items())
        self._line("", step.course, Text(words))

    def checked(self, step: File, problems: Sequence[Problem]) -> None:
        """A file, and what is wrong with it."""
        self._caption(f"coursemark import {step.operation}.csv --skip-invalid")
        if step.text not in self._files:
            self._say(Text(textwrap.indent(step.text.strip(), " " * 6), "dim"))
        self._files.add(step.text)
        for it in problems:
            self._line("✗", f"line {it.line}", Text(f"{it.column}  {it.message}"), style="red")

    def limits(self, policy: Policy) -> None:
        """A school's policy, in the command's words."""
        note = " --note-required" if policy.note_required else ""
        self._caption(
            f"coursemark policies set {RIVERSIDE} --four-eyes-above {policy.four_eyes_above}{note}"
        )

    def kept(self, schedule: Schedule) -> None:
        """A schedule, in the words in which it is confirmed."""
        self._caption(f"coursemark schedules add recertify {schedule.schedule} ...")
        self._line("", schedule.schedule, Text(f"{does(schedule)}, {comes(schedule)}."))

    def begun(self, schedule: str, slot: Slot) -> None:
        """What became of a slot."""
        words = f"{schedule}, {slot.slot_at:%H:%M:%S}: {slot.outcome}, {slot.learners} learners"
        self._line("◂", "slot", Text(f"{words}, operation {slot.operation}"))

    def judging(self) -> None:
        """Before a chapter's proofs."""
        self._say()

    def judged(self, proof: Proof, *, holds: bool, missing: str | None) -> None:
        """A proof at the end of its chapter."""
        words = Text(f"{RULES.get(proof.rule, '')}: ").append(proof.shown, "dim")
        if missing is not None:
            words.append(f" ({missing})", "red")
        self._grid(_ok(holds), Text(proof.rule, "cyan"), words, width=5)

    def table(self, rows: Sequence[tuple[str, str, bool]]) -> None:
        """Rule, what was shown, ok."""
        table = Table("Rule", "", "What was shown", "ok", box=None, pad_edge=False)
        for rule, shown, holds in rows:
            table.add_row(Text(rule, "cyan"), RULES.get(rule, ""), shown, _ok(holds))
        self._rule()
        self._say(table)

    def farewell(self, sentence: str) -> None:
        """The last words."""
        self._say()
        self._prose(sentence)

    def _result(self, result: Mapping[str, Any]) -> None:
        accepted = result["outcome"] == "accepted"
        style = STYLES["accepted" if accepted else "rejected"]
        kind = "accepted" if accepted else result["code"]
        self._line("◂", kind, Text(lines.what_came(result)), style=style)

    def _line(self, mark: str, kind: str, words: Text, style: str = "") -> None:
        self._grid(Text(mark, style), Text(kind, style), words, width=18)

    def _grid(self, mark: Text, kind: Text, words: Text, width: int) -> None:
        """Three columns, of which the last wraps."""
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=1)
        grid.add_column(min_width=width, no_wrap=True)
        grid.add_column()
        grid.add_row(mark, kind, words)
        self._say(Padding(grid, (0, 0, 0, 3), expand=False))

    def _caption(self, command: str) -> None:
        self._say()
        self._say(Text(f"   $ {command}", "dim"))

    def _prose(self, text: str) -> None:
        self._say(Text(textwrap.indent(textwrap.fill(text, WIDTH - 4), "    ")))

    def _rule(self) -> None:
        self._say()
        self._say(Text("─" * WIDTH, "dim"))

    def _say(self, what: Text | Table | Padding | str = "") -> None:
        self._console.print(what)


def _ok(holds: bool) -> Text:
    return Text("✓", "green") if holds else Text("✗", "bold red")
