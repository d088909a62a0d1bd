"""Every look there is, each on its own: one that fails leaves the others."""

import sys
from collections.abc import Awaitable, Callable
from functools import partial
from platform import python_version

from aiokafka.admin import AIOKafkaAdminClient

from services.cli import running
from services.cli.doctor import database, kafka
from services.cli.doctor.finding import Finding, fail, failed, ok
from services.runtime.addresses import find_kafka
from services.runtime.bus.client import connection
from services.runtime.settings import Settings

NEEDED = (3, 11)


async def look(settings: Settings) -> list[Finding]:
    """All findings, in the order in which things depend on each other."""
    return [_python(), *await _database(settings), *await _kafka(settings)]


def _python() -> Finding:
    if sys.version_info[:2] < NEEDED:
        return fail("Python", python_version(), "Install Python 3.11 or newer.")
    return ok("Python", python_version())


async def _database(settings: Settings) -> list[Finding]:
    looks = (
        *(database.server, database.schema, database.writers),
        *(database.projections, database.schedules, database.erasures),
    )
    try:
        async with running.database(settings) as pool:
            return [
                found
                for look in looks
                for found in await _looked(look.__name__, partial(look, pool))
            ]
    except Exception as error:  # noqa: BLE001 - told as a finding
        return [failed("PostgreSQL", error)]


async def _kafka(settings: Settings) -> list[Finding]:
    try:
        cluster = connection(settings, find_kafka(settings))
        admin = AIOKafkaAdminClient(**cluster.options)
        try:
            await admin.start()
            looks: dict[str, Callable[[], Awaitable[list[Finding]]]] = {
                "Kafka": partial(kafka.broker, admin, cluster),
                "topics": partial(kafka.all_topics, admin, cluster, settings.partitions),
                "groups": partial(kafka.groups, admin, cluster),
                "dead letters": partial(kafka.dead, admin, cluster),
            }
            return [found for what, look in looks.items() for found in await _looked(what, look)]
        finally:
            await admin.close()
    except Exception as error:  # noqa: BLE001 - told as a finding
        return [failed("Kafka", error)]


async def _looked(what: str, look: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    try:
        return await look()
    except Exception as error:  # noqa: BLE001 - told as a finding
        return [failed(what, error)]
