"""Whose token it is."""

from ..fields import RoleLevel
from ..model import Contract


class Me(Contract):
    """The token's school and user; ``role_level``: none where the directory knows no such user."""

    school: str
    token: str
    actor: str | None = None
    role_level: RoleLevel | None = None
