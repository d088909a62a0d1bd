"""Fixtures that every test may ask for: PostgreSQL, a database, both Kafka brokers, a prefix.

`kafka` runs a test twice, on the embedded broker and on Apache Kafka; the second is skipped,
and says so in the header and in the summary, where Java or Maven is missing. Each process of a
run in several has servers of its own.
"""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import settings

from services.runtime.embedded import ApacheKafka, EmbeddedBroker, EmbeddedPostgres
from tests.support.servers import TEST_SETTINGS, fresh_database, server_folder, why_no_apache
from tests.support.sharing import ByFile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from xdist.remote import Producer

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # a busy machine makes no property false

# A broker lives for seconds or minutes here: the second compiler costs more than it ever gives.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")


def pytest_report_header() -> str:
    reason = why_no_apache()
    return f"brokers: the embedded one; {reason or 'and Apache Kafka'}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests go first, so that all processes of a run end at about one time."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest_asyncio.fixture(scope="session")
async def postgres() -> AsyncIterator[EmbeddedPostgres]:
    """The PostgreSQL of the run. Do not stop it: start one of your own for that."""
    with server_folder() as folder:
        async with EmbeddedPostgres(folder, settings=TEST_SETTINGS) as server:
            yield server


@pytest_asyncio.fixture
async def database_url(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The URL of a database of the test's own, with the schema and nothing in it."""
    async with fresh_database(postgres) as url:
        yield url


@pytest_asyncio.fixture
async def empty_database_url(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The URL of a database of the test's own on which Coursemark never ran."""
    async with fresh_database(postgres, template="template1") as url:
        yield url


@pytest_asyncio.fixture(scope="session")
async def embedded_kafka() -> AsyncIterator[str]:
    """The bootstrap address of the embedded broker of the run."""
    with server_folder() as folder:
        async with EmbeddedBroker(folder) as broker:
            yield broker.bootstrap


@pytest_asyncio.fixture(scope="session")
async def apache_kafka() -> AsyncIterator[str]:
    """The bootstrap address of the Apache Kafka of the run."""
    reason = why_no_apache()
    if reason is not None:
        pytest.skip(reason)
    with server_folder() as folder:
        async with ApacheKafka(folder) as broker:
            yield broker.bootstrap


@pytest.fixture(params=["embedded", pytest.param("apache", marks=pytest.mark.apache)])
def kafka(request: pytest.FixtureRequest) -> str:
    """The bootstrap address of a broker; a test that asks for it runs on both."""
    bootstrap: str = request.getfixturevalue(f"{request.param}_kafka")
    return bootstrap


@pytest.fixture
def topic_prefix() -> str:
    """Stands before every topic and group of a test, because tests share the brokers."""
    return f"t{uuid.uuid4().hex[:10]}."
