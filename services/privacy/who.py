"""Whom it is about."""

from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from contracts.fields import UserId

_ID: TypeAdapter[str] = TypeAdapter(UserId)


class Who(NamedTuple):
    """A user of a school, learner or not."""

    school: str
    user: str

    @property
    def key(self) -> bytes:
        """Of the directory's topic."""
        return f"{self.school}/{self.user}".encode()


class UnknownPersonError(Exception):
    """``unknown_person``: nothing of them is there, and nobody was erased under the id."""

    code = "unknown_person"

    def __init__(self, who: Who) -> None:
        super().__init__(
            f"Neither the directory nor the log of {who.school} knows {who.user}, and nobody was "
            f"erased under that id; check both ids (`coursemark search {who.school} --text NAME` "
            "finds people by name or address). Nothing was changed."
        )


class WrongIdError(Exception):
    """``invalid_id``: nobody can have such an id."""

    code = "invalid_id"


def person(school: str, user: str) -> Who:
    """The person of these ids.

    Raises:
        WrongIdError: one of them is no id.
    """
    for id_ in (school, user):
        try:
            _ID.validate_python(id_)
        except ValidationError:
            raise WrongIdError(
                f"{id_[:150]!r} is no id; give the school's, and the user's of the directory."
            ) from None
    return Who(school, user)
