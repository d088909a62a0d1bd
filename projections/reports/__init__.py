"""Reports: time ever spent, and what happened day by day.

A reset takes nothing away (R3); an undo takes away what it undoes, but no time (B7).
"""

from projections.definition import Projection
from projections.reports.rows import restore, writes
from projections.reports.state import HANDLES, Reported, fold, size
from projections.reports.tables import TABLES, TOTALS

REPORTS = Projection[Reported](
    name="reports",
    version=2,
    package=__name__,
    handles=HANDLES,
    tables=TABLES,
    totals=TOTALS,
    restore=restore,
    fold=fold,
    writes=writes,
    size=size,
)
