"""The IRIs of statements: ADL's and cmi5's verbs and types, and extensions of our own.

Sources: xAPI 1.0.3 part 2; the cmi5 specification, 9.3 (verbs) and 9.5.5.2 (reason).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from contracts.fields import Reason


class Verb(NamedTuple):
    """A verb, and what a person reads."""

    id: str
    display: str

    def body(self) -> dict[str, object]:
        """As it stands in a statement."""
        return {"id": self.id, "display": {"en": self.display}}


COMPLETED = Verb("http://adlnet.gov/expapi/verbs/completed", "completed")
PASSED = Verb("http://adlnet.gov/expapi/verbs/passed", "passed")
FAILED = Verb("http://adlnet.gov/expapi/verbs/failed", "failed")
WAIVED = Verb("https://w3id.org/xapi/adl/verbs/waived", "waived")
VOIDED = Verb("http://adlnet.gov/expapi/verbs/voided", "voided")
SATISFIED = Verb("https://w3id.org/xapi/adl/verbs/satisfied", "satisfied")

COURSE_TYPE = "https://w3id.org/xapi/cmi5/activitytype/course"
WAIVED_BECAUSE = "https://w3id.org/xapi/cmi5/result/extensions/reason"
REASONS: Mapping[Reason, str] = MappingProxyType(
    {
        "tested_out": "Tested Out",
        "equivalent_activity": "Equivalent AU",
        "equivalent_outside_activity": "Equivalent Outside Activity",
        "administrative": "Administrative",
        "migration": "Administrative",
    }
)
"""What cmi5 calls our reasons; it has none for a migration, which our own extension tells."""

OURS = "urn:coursemark:xapi:"
"""Before the names of our extensions of the context."""
