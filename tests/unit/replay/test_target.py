"""A replay never goes where Coursemark's own readers would take it for news (B11)."""

from __future__ import annotations

import pytest

from contracts import topics
from services.replay.target import TargetError, target
from services.runtime.topology import TOPICS


@pytest.mark.parametrize("name", TOPICS)
@pytest.mark.parametrize("prefix", ["", "staging."])
def test_a_topic_of_ours_is_refused_under_any_prefix(name: str, prefix: str) -> None:
    for mine in ("", "staging.", "other."):
        with pytest.raises(TargetError) as refused:
            target(f"{mine}{name}", prefix)
        assert refused.value.code == "topic_is_ours"


def test_a_name_that_coursemark_may_need_one_day_is_refused() -> None:
    with pytest.raises(TargetError, match=r"coursemark\.operations\.v1"):
        target("coursemark.operations.v1", "")
    with pytest.raises(TargetError, match="name a topic of your own"):
        target("staging.coursemark.operations.v1", "staging.")


@pytest.mark.parametrize("name", ["", ".", "..", "a b", "a/b", "ä", "x" * 250])
def test_a_name_that_no_topic_can_have_is_refused(name: str) -> None:
    with pytest.raises(TargetError) as refused:
        target(name, "")
    assert refused.value.code == "topic_name_wrong"


def test_another_name_is_taken_as_it_is_and_holds_the_largest_event() -> None:
    spec = target("replays.biology", "staging.")
    assert spec.name == "replays.biology"
    assert spec.max_message_bytes == TOPICS[topics.EVENTS].max_message_bytes
