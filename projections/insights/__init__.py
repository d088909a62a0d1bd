"""Insights per course: scores, funnel, days to completion.

A reset takes nothing away (R3); an undo takes away what it undoes (B7).
"""

from projections.definition import Projection
from projections.insights.rows import restore, writes
from projections.insights.state import Insight, fold, size
from projections.insights.tables import TABLES, TOTALS

INSIGHTS = Projection[Insight](
    name="insights",
    version=3,
    package=__name__,
    tables=TABLES,
    totals=TOTALS,
    restore=restore,
    fold=fold,
    writes=writes,
    size=size,
)
