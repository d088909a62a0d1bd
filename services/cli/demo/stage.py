"""Plays the chapters on a running Coursemark, keeps what came of them, and judges it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple, assert_never

import orjson

from contracts.catalog import CourseStructure
from services.cli.demo.awaiting import Awaiting
from services.cli.demo.calling import Caller
from services.cli.demo.many import checked_file, renewing, standing, watched_of
from services.cli.demo.messages import message, reference
from services.cli.demo.rebuilding import rebuild
from services.cli.demo.school import RIVERSIDE
from services.cli.demo.script import (
    Ask,
    Award,
    Call,
    Chapter,
    File,
    Garbage,
    Hear,
    Limits,
    Look,
    Proof,
    Publish,
    Rebuild,
    Renew,
    Slot,
    Stand,
    Step,
    Watch,
    Wire,
    WithMany,
)
from services.cli.demo.seen import Seen
from services.cli.demo.telling import Teller
from services.runtime.bus.outbox import Message, Outbox
from services.store.log import EventLog
from services.store.policies import set_policy
from services.views.cards.card import Card
from services.views.cards.folding import Past
from services.views.cards.past import past
from services.views.cards.present import present

HISTORY = 6
"""Entries of a card's history."""


class Judged(NamedTuple):
    """A proof, whether it holds, and why not where something was missing."""

    proof: Proof
    holds: bool
    missing: str | None = None


class Stage:
    """One telling of the story."""

    def __init__(
        self, log: EventLog, outbox: Outbox, caller: Caller, seen: Seen, teller: Teller
    ) -> None:
        self._log = log
        self._outbox = outbox
        self._caller = caller
        self._seen = seen
        self._teller = teller
        self._awaiting = Awaiting(log, seen.heard)
        self._sent: Counter[str] = Counter()
        self._messages: dict[str, Message] = {}
        self._told: Counter[str] = Counter()
        """How many of an operation's reports were told."""

    async def play(self, chapter: Chapter) -> list[Judged]:
        """Carry out its steps, in order, and judge its proofs."""
        for together, steps in groupby(chapter.steps, key=_is_sent_together):
            if together:
                await self._send([it for it in steps if isinstance(it, Ask | Garbage)])
                continue
            for step in steps:
                await self._do(step)
        self._teller.judging()
        judged = [judge(proof, self._seen) for proof in chapter.proofs]
        for it in judged:
            self._teller.judged(it.proof, holds=it.holds, missing=it.missing)
        return judged

    async def _send(self, steps: Sequence[Ask | Garbage]) -> None:
        """All at once, as a producer would; then one after the other with what came of it."""
        asks = [step for step in steps if isinstance(step, Ask)]
        garbage = [step for step in steps if isinstance(step, Garbage)]
        heard, seen = self._seen.heard, self._seen
        buried = len(heard.letters)
        places = [self._next_place(ask) for ask in asks]
        self._messages |= {step.name: message(step) for step in steps}
        await self._outbox.send([self._messages[step.name] for step in steps])
        await self._awaiting.answered(self._sent, asks)
        await self._awaiting.buried(buried + len(garbage))
        for ask, place in zip(asks, places, strict=True):
            seen.results[ask.name] = orjson.loads(heard.answers(ask.id)[place])
        for unread, letter in zip(garbage, heard.letters[buried:], strict=True):
            seen.letters[unread.name] = letter
        for step in steps:
            self._tell(step)

    def _next_place(self, ask: Ask) -> int:
        """Which of the results under its id will be the command's."""
        self._seen.asked.setdefault(ask.id, ask.data)
        if "operation" in ask.data:
            self._seen.begun.setdefault(ask.data["operation"], ask.data)
        self._sent[ask.id] += 1
        return self._sent[ask.id] - 1

    def _tell(self, step: Ask | Garbage) -> None:
        if isinstance(step, Garbage):
            self._teller.buried(step, self._seen.letters[step.name])
        else:
            self._teller.answered(step, self._seen.results[step.name])

    async def _do(self, step: Step) -> None:
        match step:
            case Publish():
                await self._publish(step)
            case Look():
                await self._look(step)
            case Call():
                await self._call(step)
            case Hear():
                self._teller.heard([it.record for it in self._seen.events(step.ask)])
            case Wire():
                result = self._seen.heard.results[step.ask][0]
                self._teller.wire(self._messages[step.ask], result)
            case Award():
                self._teller.awarded(await self._awaiting.awarded(step))
            case Rebuild():
                self._seen.rebuilt = await rebuild(self._log, step)
                self._teller.rebuilt(step, self._seen.rebuilt)
            case Watch() | Stand() | File() | Limits() | Renew() | Slot():
                await self._do_with_many(step)
            case Ask() | Garbage():
                await self._send([step])
            case _ as never:
                assert_never(never)

    async def _do_with_many(self, step: WithMany) -> None:
        match step:
            case Watch():
                await self._watch(step)
            case Stand():
                self._seen.standing[step.name] = await standing(self._log, step.course)
                self._teller.standing(step, self._seen.standing[step.name])
            case File():
                await self._import(step)
            case Limits():
                await set_policy(self._log.pool, RIVERSIDE, step.policy)
                self._teller.limits(step.policy)
            case Renew():
                self._teller.kept(await renewing(self._log, step))
            case Slot():
                await self._begun(step)
            case _ as never:
                assert_never(never)

    async def _publish(self, step: Publish) -> None:
        before = len(self._seen.heard.evaluations)
        await self._outbox.send(map(reference, step.entries))
        await self._awaiting.known(step.entries)
        structures = [it for it in step.entries if isinstance(it, CourseStructure)]
        await self._awaiting.evaluated(structures, before)
        self._teller.published(step.entries, self._seen.heard.evaluations[before:])

    async def _watch(self, step: Watch) -> None:
        place, told = step.operation, self._told[step.operation]
        report = await self._awaiting.rested(place)
        reports = self._seen.heard.reports[place]
        self._told[place] = len(reports)
        watched = await watched_of(self._log, report, reports[told:])
        self._seen.watched[step.name] = watched
        self._teller.watched(watched)

    async def _begun(self, step: Slot) -> None:
        slot = await self._awaiting.begun(step.schedule)
        operation = str(slot.operation)
        self._seen.slots[step.name] = slot
        self._seen.begun[operation] = {"source": "rule"}
        self._teller.begun(step.schedule, slot)
        await self._watch(Watch(step.name, operation))

    async def _import(self, step: File) -> None:
        checked = await checked_file(self._log, step)
        self._seen.problems[step.operation] = checked.problems
        self._teller.checked(step, checked.problems)
        await self._send(checked.asks)

    async def _call(self, step: Call) -> None:
        answer = await self._caller.ask(step)
        if step.key is not None:
            data = {"actor": step.actor, "source": "api", **(step.body or {})}
            self._seen.asked.setdefault(step.key, data)
        await self._awaiting.told([answer.body])
        self._seen.answers[step.name] = answer
        self._teller.called(step, answer)

    async def _look(self, step: Look) -> None:
        card, when = await self._card(step)
        self._seen.cards[step.name] = card.courses[0]
        self._teller.card(step, card, when)

    async def _card(self, step: Look) -> tuple[Card, datetime | None]:
        of = self._log.pool, RIVERSIDE, step.learner, step.course, HISTORY
        if step.then is None:
            return await present(*of), None
        at = datetime.fromisoformat(self._seen.results[step.then]["recorded_at"])
        return await past(*of, Past(at, "recorded")), at


def judge(proof: Proof, seen: Seen) -> Judged:
    """Whether the proof holds; where it looks for something that never came, it does not."""
    try:
        return Judged(proof, bool(proof.holds(seen)))
    except (LookupError, ValueError) as error:
        return Judged(proof, holds=False, missing=f"{type(error).__name__}: {error}")


def _is_sent_together(step: Step) -> bool:
    return isinstance(step, Ask | Garbage)
