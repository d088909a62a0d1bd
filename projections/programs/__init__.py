"""Learning programmes: their structures, and who has completed them (B12)."""

from contracts.events import LearningProgramCompleted, LearningProgramPublished
from contracts.registry import name_of
from projections.definition import Projection
from projections.programs.rows import TABLES, News, fold, writes

PROGRAMS = Projection[News](
    name="programs",
    version=1,
    package=__name__,
    handles=frozenset({name_of(LearningProgramPublished), name_of(LearningProgramCompleted)}),
    tables=TABLES,
    fold=fold,
    writes=writes,
)
