"""Who may ask what: every operation, by every role, in its own and in another school (A1, A3)."""

from __future__ import annotations

import pytest

from tests.access.asking import Matrix, unlisted, wrong
from tests.access.world import world


def test_every_route_has_a_line() -> None:
    assert not unlisted(), "\n".join(unlisted())


@pytest.mark.slow
async def test_a1_a3_everybody_is_answered_as_the_lines_say(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    async with world(embedded_kafka, database_url, topic_prefix) as (api, endpoint):
        cells = await Matrix(api, endpoint).cells()
    assert not wrong(cells), "\n".join(wrong(cells))
    assert {it.status for it in cells} >= {200, 401, 403, 404}
