"""The table of topics and parts is whole: the bus and the AsyncAPI document stand on it."""

from __future__ import annotations

from collections import Counter

import pytest

from contracts import registry, topics
from services.runtime.topology import PARTS, TOPICS, PartSpec, TopicSpec

MIB = 1024 * 1024
DEAD = {topics.dead(topic) for topic in topics.CONSUMED}
every_topic = pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda it: it.name)
every_part = pytest.mark.parametrize("part", PARTS.values(), ids=lambda it: it.name)


def test_every_declared_topic_and_every_dead_letter_topic_is_there() -> None:
    declared = {getattr(topics, name) for name in dir(topics) if name.isupper()}
    named = {it for it in declared if isinstance(it, str) and it.startswith("coursemark.")}
    assert TOPICS.keys() == named | DEAD
    assert all(name == topic.name for name, topic in TOPICS.items())


def test_every_registered_type_is_carried_by_one_topic() -> None:
    carried = Counter(name for topic in TOPICS.values() for name in topic.carries)
    assert carried == Counter(registry.ALL.keys())


@every_topic
def test_a_latest_state_is_compacted_and_all_else_is_deleted_in_time(topic: TopicSpec) -> None:
    kept = topic.config()
    if topic.name in topics.COMPACTED:
        assert kept["cleanup.policy"] == "compact"
        assert int(kept["delete.retention.ms"]) >= 7 * 86_400_000, "an erasure must be seen"
        assert "retention.ms" not in kept
    else:
        assert kept["cleanup.policy"] == "delete"
        assert int(kept["retention.ms"]) >= 7 * 86_400_000


@pytest.mark.parametrize("consumed", topics.CONSUMED)
def test_an_oversize_message_fits_its_dead_letter_topic(consumed: str) -> None:
    """Nothing is lost: what was too large for a topic stands in its dead-letter topic."""
    taken = int(TOPICS[consumed].config()["max.message.bytes"])
    assert MIB <= taken <= 4 * MIB
    assert int(TOPICS[topics.dead(consumed)].config()["max.message.bytes"]) == 16 * MIB


@every_topic
def test_a_topic_says_what_it_is_and_what_its_key_is(topic: TopicSpec) -> None:
    assert topic.about.endswith(".")
    assert topic.key
    assert topic.partitions >= 1
    assert bool(topic.carries) is (topic.name not in DEAD)


@every_part
def test_a_part_uses_known_topics_and_each_once(part: PartSpec) -> None:
    used = (*part.consumes, *part.produces)
    assert set(used) <= TOPICS.keys()
    assert len(set(used)) == len(used), "what a part sends it would receive again"


@every_part
def test_what_a_part_sends_alone_is_of_a_topic_that_it_sends_to(part: PartSpec) -> None:
    for topic, types in part.sends_only.items():
        assert topic in part.produces
        assert set(types) < set(TOPICS[topic].carries)
    assert part.answers_on is None or part.answers_on in part.produces


@every_part
def test_a_part_that_consumes_has_a_group_and_sends_what_it_cannot_handle(part: PartSpec) -> None:
    assert bool(part.group) is bool(part.consumes)
    assert {topics.dead(topic) for topic in part.consumes} <= set(part.produces)


def test_each_consumed_topic_has_one_part_and_each_group_is_its_own() -> None:
    consumed = [topic for part in PARTS.values() for topic in part.consumes]
    assert sorted(consumed) == sorted(topics.CONSUMED)
    groups = [part.group for part in PARTS.values() if part.group]
    assert len(set(groups)) == len(groups)
    assert all(group == f"coursemark.{name}" for name, group in _groups().items())


def test_every_topic_that_is_not_only_received_has_a_sender() -> None:
    sent = {topic for part in PARTS.values() for topic in part.produces}
    assert TOPICS.keys() - sent == {topics.CATALOG, topics.DIRECTORY}


def _groups() -> dict[str, str]:
    return {name: part.group for name, part in PARTS.items() if part.group}
