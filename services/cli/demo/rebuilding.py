"""A view built anew while somebody reads it, and all views held against the log."""

import asyncio

from projections.registry import PROJECTIONS
from services.cli.demo.school import RIVERSIDE
from services.cli.demo.script import Rebuild
from services.cli.demo.seen import Rebuilt
from services.projector.runtime import Projector
from services.store.log import EventLog
from services.views.progress import ProgressView


async def rebuild(log: EventLog, step: Rebuild) -> Rebuilt:
    """Do both, beside the projector that runs."""
    view, projector = ProgressView(log.pool), Projector(log)
    before = await view.course_rows(RIVERSIDE, step.learner)
    reads = missed = 0
    rebuilding = asyncio.create_task(projector.rebuild(step.view))
    while not rebuilding.done():
        missed += await view.course_rows(RIVERSIDE, step.learner) != before
        reads += 1
    rebuilt = await rebuilding
    checked = [await projector.check(it.name) for it in PROJECTIONS]
    return Rebuilt(rebuilt.events, reads, missed, sum(it.differing for it in checked))
