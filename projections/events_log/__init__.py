"""The events log: who did what to whom, when and why."""

from projections.definition import Projection
from projections.events_log.entries import ENTRIES, Entries, fold, writes

EVENTS_LOG = Projection[Entries](
    name="events_log",
    version=1,
    package=__name__,
    tables=(ENTRIES,),
    fold=fold,
    writes=writes,
)
