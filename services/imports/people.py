"""What an import tells the directory: new people, and tags of those whom it has."""

from collections.abc import AsyncIterator
from itertools import islice

import asyncpg

from contracts.directory import User
from services.imports.ledger import Ledger, Person
from services.imports.problems import ImportFileError
from services.store.people import people

MAX_TAGS = 200
_STEP = 1_000


async def users(pool: asyncpg.Pool, school: str, ledger: Ledger) -> AsyncIterator[User]:
    """Whole records to publish; of who is known, nothing but tags is other than it was.

    Raises:
        ImportFileError: too_many_tags.
    """
    found = ledger.people()
    while step := list(islice(found, _STEP)):
        known = await people(pool, school, [it.user for it in step])
        for person in step:
            here = known.get(person.user)
            if here is None:
                yield _new(school, person)
            elif person.known and not set(person.tags) <= set(here.tags):
                fields = {
                    name: value for name, value in here._asdict().items() if value is not None
                }
                every = tuple(dict.fromkeys((*here.tags, *person.tags)))
                if len(every) > MAX_TAGS:
                    raise ImportFileError(
                        "too_many_tags",
                        f"{person.user} would have more than {MAX_TAGS} tags; nothing was sent of "
                        "the lines, and tags of others may have been added.",
                    )
                yield User(school=school, **fields | {"tags": every})


def _new(school: str, person: Person) -> User:
    """A new user."""
    return User(
        school=school,
        user=person.user,
        name=person.name or None,
        email=person.email or None,
        tags=person.tags[:MAX_TAGS],
    )
