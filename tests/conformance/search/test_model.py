"""Promise of the port: what an adapter finds, counts and pages is what the plain model finds."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.views.search.criteria import PageRequest
from tests.support.plain_search import PlainSearch
from tests.support.search_worlds import criteria, single, worlds

if TYPE_CHECKING:
    from services.views.search.criteria import Criteria
    from services.views.search.port import Page, Search
    from tests.conformance.search.conftest import Engine

COUNTED = 3
"""Few, so that some counts are no longer exact."""
LIMITS = (1, 3)
_numbers = count()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
async def test_every_page_of_every_search_is_the_models(
    engine: Engine, data: st.DataObject
) -> None:
    """R3, A3: two schools of the same ids; each criterion alone at its edges, and mixes of them."""
    number = next(_numbers)
    schools = [data.draw(worlds(f"s{number}-{place}")) for place in "ab"]
    for world in schools:
        await engine.load(world)
    plain, adapter = PlainSearch(schools, COUNTED), engine.search(COUNTED)
    first, second = (world.school for world in schools)
    mixes = data.draw(st.lists(criteria(), min_size=8, max_size=8))
    searches = [(first, it, 4) for it in single()]
    searches += [
        (school, it, limit) for it in mixes for school in (first, second) for limit in LIMITS
    ]
    for search in searches:
        assert await pages(adapter, *search) == await pages(plain, *search), search


async def pages(search: Search, school: str, asked: Criteria, limit: int) -> list[Page]:
    """All pages, to the end."""
    found = [await search.find(school, asked, PageRequest(limit=limit))]
    while (after := found[-1].next) is not None:
        found.append(await search.find(school, asked, PageRequest(limit=limit, after=after)))
    return found
