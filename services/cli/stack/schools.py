"""Whether there is a school, as the directory has it."""

from typing import TYPE_CHECKING

from services.cli.stack.policies.port import UnknownSchoolError
from services.store.directory import Directory

if TYPE_CHECKING:
    import asyncpg


async def check(pool: "asyncpg.Pool", school: str) -> None:
    """Refuse one that nobody knows.

    Raises:
        UnknownSchoolError: the directory has no such school.
    """
    if school not in (await Directory(pool).facts([school], [])).plans:
        raise UnknownSchoolError(
            f"The directory has no school {school}; check the id, or publish the school."
        )
