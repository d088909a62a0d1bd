"""Which certificates a learner was ever awarded.

A reset takes none away (R3); an undo takes away those whose completion it undoes (B7).
"""

from projections.certificates.awards import AWARDS, HANDLES, News, fold, writes
from projections.definition import Projection

CERTIFICATES = Projection[News](
    name="certificates",
    version=2,
    package=__name__,
    handles=HANDLES,
    tables=(AWARDS,),
    fold=fold,
    writes=writes,
)
