"""Users by what they are called: ids and e-mail addresses."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..fields import NO_NUL_PATTERN
from ..model import Contract
from .learners import Person

MAX_NAMES = 1_000
LONGEST_NAME = 320
"""Characters, as an e-mail address may have."""

Name = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=NO_NUL_PATTERN)
]


class FindUsers(Contract):
    """Each name is an id, or else an e-mail address, in which capitals make no difference."""

    names: Annotated[
        tuple[Name, ...],
        Field(min_length=1, max_length=MAX_NAMES, description="1 to 1,000 names."),
    ]


class FoundUser(Person):
    """A user of that name; several users may have one e-mail address."""

    asked: str = Field(description="The name, as it was asked for.")
    user: str


class FoundUsers(Contract):
    """Whom the school has; a name that is not among them is nobody's."""

    users: tuple[FoundUser, ...]
