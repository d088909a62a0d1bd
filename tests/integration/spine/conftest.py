"""A broker for a module, so that its tests can share the parts that they started."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.support.servers import fresh_database
from tests.support.stack import settings
from tests.support.standing import Standing, standing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres


@pytest.fixture(
    scope="module", params=["embedded", pytest.param("apache", marks=pytest.mark.apache)]
)
def broker(request: pytest.FixtureRequest) -> str:
    """The bootstrap address of a broker; a module that asks for it runs on both."""
    bootstrap: str = request.getfixturevalue(f"{request.param}_kafka")
    return bootstrap


@pytest_asyncio.fixture(scope="module")
async def spine(broker: str, postgres: EmbeddedPostgres) -> AsyncIterator[Standing]:
    """All parts, for a module."""
    async with (
        fresh_database(postgres) as url,
        standing(settings(broker, url, f"t{uuid.uuid4().hex[:10]}.")) as parts,
    ):
        yield parts
