"""The events log: who did what to whom, when and why."""

from contracts.events import LearningProgramCompleted, RecertificationAnnounced
from contracts.registry import name_of
from projections.definition import PROGRESS_EVENTS, Projection
from projections.events_log.entries import ENTRIES, Entries, fold, writes

EVENTS_LOG = Projection[Entries](
    name="events_log",
    version=4,
    package=__name__,
    handles=PROGRESS_EVENTS
    | {name_of(LearningProgramCompleted), name_of(RecertificationAnnounced)},
    tables=(ENTRIES,),
    fold=fold,
    writes=writes,
)
