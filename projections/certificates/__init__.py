"""Which certificates a learner was ever awarded; a reset takes none away (R3)."""

from contracts.events import ActivityCompleted
from contracts.registry import name_of
from projections.certificates.awards import AWARDS, News, fold, writes
from projections.definition import Projection

CERTIFICATES = Projection[News](
    name="certificates",
    version=1,
    package=__name__,
    handles=frozenset({name_of(ActivityCompleted)}),
    tables=(AWARDS,),
    fold=fold,
    writes=writes,
)
