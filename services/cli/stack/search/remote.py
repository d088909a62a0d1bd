"""Searches by an API."""

import orjson

from contracts.api.search import LARGEST, FoundLearner, FoundRecord
from services.cli.stack.session import Session
from services.views.search import cursor
from services.views.search.criteria import Criteria, PageRequest
from services.views.search.port import Completion, Count, Found, Page, Record


class RemoteSearches:
    """A ``Searches``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    async def find(self, school: str, criteria: Criteria, page: PageRequest) -> Page:
        """In as many pages of the API as make up the one that is asked for."""
        await self._session.check(school)
        after = page.after
        if after is not None:
            cursor.read(after, school, criteria)
        found: list[Found] = []
        while True:
            limit = min(page.limit - len(found), LARGEST)
            told = await self._client.page_of_learners(after=after, limit=limit, **criteria.given)
            found += map(_found, told.page.learners)
            after = told.after
            if after is None or len(found) >= page.limit:
                return Page(tuple(found), Count(told.page.total, told.page.exact), after)

    async def keep(self, school: str, name: str, criteria: Criteria) -> None:
        """Under the name."""
        await self._session.check(school)
        await self._client.put_search(name, orjson.loads(criteria.to_json()))


def _found(it: FoundLearner) -> Found:
    return Found(**dict(it) | {"records": tuple(map(_record, it.records))})


def _record(it: FoundRecord) -> Record:
    completions = [
        Completion(each.attempt, each.completed_at, each.provenance) for each in it.completions
    ]
    return Record(**dict(it) | {"completions": tuple(completions)})
