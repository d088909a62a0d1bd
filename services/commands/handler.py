"""Load, decide, append: a whole batch in a few queries and one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from contracts.commands import UndoCommand
from contracts.results import CommandPreviewed
from contracts.topics import course_stream
from services.commands import answers
from services.commands.answers import Answer
from services.commands.deciding import Deciding, Loaded, Past, actor_of, key_of, stream_of
from services.commands.incoming import Incoming
from services.commands.previewing import Foreseen
from services.commands.states import Folded, States, history
from services.domain.decision import Refused
from services.domain.evolve import fold
from services.domain.state import NOTHING
from services.effects.foretelling import effects
from services.store.courses import CourseCache, versions
from services.store.directory import Directory, Facts
from services.store.log import EventLog, VersionConflict

TRIES = 5
"""How often a batch is decided anew after a conflict before it is taken apart."""

SLICE = 250
"""Commands appended together; a batch is a few of them."""

EXHAUSTED = Refused(
    "conflict_retry_exhausted",
    "Others wrote to this learner's record at the same time, again and again; "
    "send the command once more under a new id.",
)


class CommandHandler:
    """Carries out commands on one log; ``clock`` tells the time that events are recorded at."""

    def __init__(
        self,
        log: EventLog,
        directory: Directory,
        clock: Callable[[], datetime],
        states: States | None = None,
    ) -> None:
        self._log = log
        self._directory = directory
        self._clock = clock
        self._courses = CourseCache(log)
        self._states = States() if states is None else states

    async def handle(self, batch: Sequence[Incoming]) -> list[Answer]:
        """The answer to each command, in order; events and receipts are durable then.

        A batch that meets conflicts again and again is halved, so that one hot stream does not
        hold up the others.
        """
        if not batch:
            return []
        for _ in range(TRIES):
            try:
                return await self._carry_out(batch)
            except VersionConflict:
                self._states.forget(map(stream_of, batch))
        if len(batch) == 1:
            return [await self._refuse(batch[0])]
        half = len(batch) // 2
        return [*await self.handle(batch[:half]), *await self.handle(batch[half:])]

    async def preview(self, batch: Sequence[Incoming]) -> list[CommandPreviewed]:
        """What each command would lead to if it were sent now, in order (B5).

        Decided as ``handle`` decides, each command in the state that those before it would leave;
        nothing is appended, and receipts are neither written nor asked.
        """
        if not batch:
            return []
        deciding = Deciding(await self._load(batch))
        foreseen = [deciding.foresee_and_move(incoming) for incoming in batch]
        return await self._told(foreseen, together=True)

    async def _told(
        self, foreseen: Sequence[Foreseen], *, together: bool
    ) -> list[CommandPreviewed]:
        """Previews with their effects; what they follow from has been decided."""
        sent = await effects(self._log, [it.events for it in foreseen], together=together)
        return [
            it.result.model_copy(update={"effects": own})
            for it, own in zip(foreseen, sent, strict=True)
        ]

    async def _carry_out(self, batch: Sequence[Incoming]) -> list[Answer]:
        """While PostgreSQL appends one slice of the batch, the next one is decided."""
        deciding, given = Deciding(await self._load(batch)), list[Answer | Foreseen]()
        appending = asyncio.ensure_future(_nothing())
        try:
            for start in range(0, len(batch), SLICE):
                given += [_given(deciding, incoming) for incoming in batch[start : start + SLICE]]
                await appending
                appending = asyncio.ensure_future(self._log.append(*deciding.take()))
                await asyncio.sleep(0)  # the statement is on its way before the next slice
        finally:
            await appending
        self._states.keep(deciding.streams)
        foreseen = [it for it in given if isinstance(it, Foreseen)]
        previews = iter(await self._told(foreseen, together=False))
        return [answers.of(next(previews)) if isinstance(it, Foreseen) else it for it in given]

    async def _refuse(self, incoming: Incoming) -> Answer:
        try:
            return await self._refuse_now(incoming)
        except VersionConflict:  # another worker has just answered it: that receipt is found now
            return await self._refuse_now(incoming)

    async def _refuse_now(self, incoming: Incoming) -> Answer:
        deciding = Deciding(await self._load([incoming]))
        given = deciding.refuse(incoming, EXHAUSTED)
        await self._log.append(*deciding.take())
        return given

    async def _load(self, batch: Sequence[Incoming]) -> Loaded:
        """Everything is read before anything is written."""
        courses = {course_stream(i.command.school, i.command.course) for i in batch}
        learners = dict.fromkeys(map(stream_of, batch))
        undos = [i for i in batch if isinstance(i.command, UndoCommand)]
        undone = set(map(stream_of, undos))
        changed = {course_stream(i.command.school, i.command.course) for i in undos}
        whole = dict.fromkeys(undone | changed, 0)
        known = self._courses.wanted(courses) | self._states.wanted(learners) | whole
        loaded, receipts, facts = await asyncio.gather(
            self._log.load(known),
            self._log.receipts(set(map(key_of, batch))),
            self._facts(batch),
        )
        self._courses.absorb({name: loaded[name] for name in courses})
        structures = {name: versions(loaded[name]) for name in changed}
        histories = {name: history(loaded[name]) for name in undone}
        streams = self._states.after({name: loaded[name] for name in learners.keys() - undone})
        streams |= {
            name: Folded(len(events), fold(NOTHING, events)) for name, events in histories.items()
        }
        past = Past(histories, structures)
        return Loaded(self._clock(), self._courses, facts, streams, receipts, past)

    async def _facts(self, batch: Sequence[Incoming]) -> Facts:
        users = {(i.command.school, i.command.learner) for i in batch}
        users |= {(i.command.school, actor) for i in batch if (actor := actor_of(i)) is not None}
        return await self._directory.facts({i.command.school for i in batch}, users)


def _given(deciding: Deciding, incoming: Incoming) -> Answer | Foreseen:
    """A dry run sees what the commands before it did, and leaves nothing to those after it."""
    if incoming.command.dry_run:
        return deciding.foresee(incoming)
    return deciding.answer(incoming)


async def _nothing() -> None:
    """Before the first slice there is none to wait for."""
