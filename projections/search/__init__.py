"""What a search of a school's learners looks at: where each stands, and all that ever was."""

from projections.definition import Projection
from projections.search.rows import TABLES, restore, writes
from projections.search.state import Standing, fold, size

SEARCH = Projection[Standing](
    name="search",
    version=2,
    package=__name__,
    courses=True,
    tables=TABLES,
    restore=restore,
    fold=fold,
    writes=writes,
    size=size,
)
