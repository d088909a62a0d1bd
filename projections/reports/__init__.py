"""Reports: time ever spent, and what happened day by day. A reset takes nothing away (R3)."""

from contracts.events import (
    ActivityCompleted,
    CourseCompleted,
    LearnerEnrolled,
    LearnerUnenrolled,
    ProgressReset,
    TimeSpentRecorded,
)
from contracts.registry import name_of
from projections.definition import Projection
from projections.reports.rows import restore, writes
from projections.reports.state import Reported, fold, size
from projections.reports.tables import TABLES, TOTALS

HANDLED = (
    LearnerEnrolled,
    LearnerUnenrolled,
    TimeSpentRecorded,
    ActivityCompleted,
    CourseCompleted,
    ProgressReset,
)

REPORTS = Projection[Reported](
    name="reports",
    version=1,
    package=__name__,
    handles=frozenset(name_of(model) for model in HANDLED),
    tables=TABLES,
    totals=TOTALS,
    restore=restore,
    fold=fold,
    writes=writes,
    size=size,
)
