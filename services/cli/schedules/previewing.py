"""``coursemark schedules preview``: the operation of its next slot, as a dry run."""

from uuid import uuid4

from services.cli.many.options import How
from services.cli.many.request import SOURCE
from services.cli.operations.running import previewed, run
from services.cli.output import say, write_json
from services.cli.running import database
from services.cli.schedules import wording
from services.cli.schedules.working import known
from services.cli.send.outgoing import prepared
from services.cli.stack.opening import opened
from services.domain.slots import parts
from services.runtime.clock import now
from services.runtime.settings import Settings
from services.scheduler.meant import meant


async def preview(settings: Settings, school: str, name: str, how: How) -> int:
    """Make the preview and show it; returns the exit code.

    Raises:
        UnknownScheduleError: the school has none of that id.
        CommandError: it was refused, or nothing moves.
    """
    async with database(settings) as pool:
        kept = await known(pool, school, name)
        slot = kept.next_at or now()
        found = await meant(pool, kept.schedule, slot)
        say(f"{wording.does(kept.schedule)}, at {wording.local(kept.schedule, slot)}:")
        if not found.number:
            say("It would find nobody; nothing would be done.")
            if how.as_json:
                write_json({"learners": 0})
            return 0
        asked = parts(
            *(kept.schedule, str(uuid4()), found.whom, found.completed_until),
            source=SOURCE,
            dry_run=True,
        )
        messages = [
            prepared(number, it.command, it.command_id) for number, it in enumerate(asked, 1)
        ]
    async with opened(settings) as stack:
        return await previewed(stack, await run(stack, messages, how), how) or 0
