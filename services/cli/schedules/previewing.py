"""``coursemark schedules preview``: the operation of its next slot, as a dry run."""

from services.cli.many.options import How
from services.cli.operations.running import previewed, watched
from services.cli.output import say, write_json
from services.cli.schedules import wording
from services.cli.stack.opening import opened
from services.runtime.clock import now
from services.runtime.settings import Settings


async def preview(settings: Settings, school: str, name: str, how: How) -> int:
    """Make the preview and show it; returns the exit code.

    Raises:
        UnknownScheduleError: the school has none of that id.
        CommandError: it was refused, or nothing moves.
    """
    async with opened(settings) as stack:
        kept = await stack.schedules.one(school, name)
        slot = kept.next_at or now()
        say(f"{wording.does(kept.schedule)}, at {wording.local(kept.schedule, slot)}:")
        operation = await stack.schedules.preview(kept, how.timeout)
        if operation is None:
            say("It would find nobody; nothing would be done.")
            if how.as_json:
                write_json({"learners": 0})
            return 0
        return await previewed(stack, await watched(stack, school, operation, how), how) or 0
