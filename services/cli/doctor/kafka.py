"""Kafka: there, its topics as they should be, every group at work, no dead letters of late."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from contracts import topics
from services.cli.dead.reading import letters
from services.cli.doctor.finding import Finding, fail, ok, warn
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import GroupOffsets
from services.runtime.topology import PARTS, TOPICS, PartSpec, TopicSpec

MUCH = 10_000
"""Records that may wait for a part before somebody should look."""
RECENT = timedelta(days=1)


async def broker(admin: AIOKafkaAdminClient, connection: Connection) -> list[Finding]:
    """How many brokers there are."""
    cluster = await admin.describe_cluster()
    return [ok("Kafka", f"{connection.bootstrap}, {len(cluster['brokers'])} broker(s)")]


async def all_topics(
    admin: AIOKafkaAdminClient, connection: Connection, partitions: int
) -> list[Finding]:
    """Every topic there, with its settings and as many partitions as are wanted."""
    there = set(await admin.list_topics())
    names = {connection.topic(name): spec for name, spec in TOPICS.items()}
    missing = [name for name in names if name not in there]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        todo = "Start any part: it makes them."
        return [fail("topics", f"{missing[0]}{more} missing", todo)]
    settings = await _settings(admin, list(names))
    counts = {it["topic"]: len(it["partitions"]) for it in await admin.describe_topics(list(names))}
    wrong = [
        problem
        for name, spec in names.items()
        for problem in _wrong(name, spec, settings[name], counts[name], partitions)
    ]
    if wrong:
        todo = "Mend them with Kafka's own tools; Coursemark changes no topic that is there."
        return [warn("topics", "; ".join(wrong), todo)]
    return [ok("topics", f"{len(names)} topics with their settings")]


def _wrong(
    name: str, spec: TopicSpec, found: Mapping[str, str], count: int, partitions: int
) -> list[str]:
    wanted = min(spec.partitions, partitions)
    return [
        *([f"{name} has {count} partitions, not {wanted}"] if count < wanted else []),
        *(
            f"{name} has {setting}={found.get(setting)}, not {value}"
            for setting, value in spec.config().items()
            if found.get(setting) != value
        ),
    ]


async def _settings(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    answers = await admin.describe_configs(asked)
    return {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for answer in answers
        for resource in answer.resources
    }


async def groups(admin: AIOKafkaAdminClient, connection: Connection) -> list[Finding]:
    """Each consuming part: whether one runs, and how much waits for it."""
    there = set(await admin.list_topics())
    return [
        await _group(admin, connection, part)
        for part in PARTS.values()
        if part.group is not None and there.issuperset(map(connection.topic, part.consumes))
    ]


async def _group(admin: AIOKafkaAdminClient, connection: Connection, part: PartSpec) -> Finding:
    group = part.group or ""
    [answer] = await admin.describe_consumer_groups([f"{connection.prefix}{group}"])
    members = len(answer.groups[0][5])
    async with GroupOffsets(connection, group, part.consumes) as offsets:
        waiting = (await offsets.lag()).total()
    detail = f"{members} running, {waiting:,} records waiting"
    start = f"coursemark run {part.name}"
    if not members:
        return warn(part.name, detail, f"Start it: {start}.")
    if waiting > MUCH:
        return warn(part.name, detail, f"It works; start another beside it: {start}.")
    return ok(part.name, detail)


async def dead(admin: AIOKafkaAdminClient, connection: Connection) -> list[Finding]:
    """Letters that Kafka still has, and those of the last day."""
    there = set(await admin.list_topics())
    names = [it for it in map(topics.dead, topics.CONSUMED) if connection.topic(it) in there]
    since = (datetime.now(UTC) - RECENT).timestamp() * 1_000
    total = recent = 0
    if names:
        async for letter in letters(connection, names):
            total, recent = total + 1, recent + (letter.at >= since)
    detail = f"{total:,} dead letters, {recent:,} of the last day"
    if recent:
        return [warn("dead letters", detail, "See them: coursemark dead list.")]
    return [ok("dead letters", detail)]
