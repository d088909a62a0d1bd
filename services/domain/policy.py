"""What a school asks of its administrators beyond the rules that all schools have (B3, B4)."""

from typing import NamedTuple

from contracts.fields import Reason


class Policy(NamedTuple):
    """A school's own limits; none is no limit.

    ``max_backdating_days``: how many days ``effective_at`` may lie back. Imports have a limit of
    their own, ``max_import_backdating_days``, so that old records can still be brought in.
    ``reasons``: those that may be given. ``four_eyes_above``: an operation that completes more
    learners waits for a second administrator.
    """

    max_backdating_days: int | None = None
    max_import_backdating_days: int | None = None
    reasons: frozenset[Reason] | None = None
    note_required: bool = False
    four_eyes_above: int | None = None


NO_LIMITS = Policy()
"""Of a school that has set none."""


def loosens_four_eyes(before: Policy, after: Policy) -> bool:
    """Whether more could be done without a second administrator than before.

    One of them alone must not lift what needs two.
    """
    if before.four_eyes_above is None:
        return False
    return after.four_eyes_above is None or after.four_eyes_above > before.four_eyes_above
