"""Where each learner stands in each course: courses, activities, earlier attempts."""

from projections.definition import Projection
from projections.progress.rows import restore, writes
from projections.progress.state import Record, fold, size
from projections.progress.tables import TABLES

PROGRESS = Projection[Record](
    name="progress",
    version=2,
    package=__name__,
    courses=True,
    tables=TABLES,
    restore=restore,
    fold=fold,
    writes=writes,
    size=size,
)
