"""A person's data, and a person erased: for administrators, with a token that may ``manage``."""

from ...api.privacy import Erased, ErasePerson, Erasure, Erasures, HeldOfPerson
from .call import Answer, Call, Page, as_, asks, get, pages


def export_person(user: str) -> Call[bytes]:
    """All that is held of a person, as a JSON document."""
    return asks("POST", "/v1/users/{user}/export", _as_it_is, [user])


def holdings_of_person(user: str) -> Call[HeldOfPerson]:
    """How much there is of a person, before they are erased."""
    return get("/v1/users/{user}/holdings", HeldOfPerson, user)


def erase_person(user: str, *, reason: str = "request") -> Call[Erased]:
    """Erase a person; asked for again it goes on where it was broken off."""
    body = ErasePerson(reason=reason).to_json()
    return asks("PUT", "/v1/users/{user}/erasure", as_(Erased), [user], body=body)


def erasure_of_person(user: str) -> Call[Erasure]:
    """When a person was erased, on whose word and why."""
    return get("/v1/users/{user}/erasure", Erasure, user)


def erasures(*, limit: int | None = None) -> Call[Page[Erasure]]:
    """The school's erasures, the newest first."""
    return pages("/v1/erasures", Erasures, lambda it: it.erasures, query={"limit": limit})


def _as_it_is(answer: Answer) -> bytes:
    return answer.body
