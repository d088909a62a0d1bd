"""Schedule, breaker, signatures, filters and bodies of webhooks, without a server (B11)."""

from __future__ import annotations

import random
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Verifier

from services.effects.filters import About, Filter
from services.webhooks import breaker, schedule
from services.webhooks.breaker import CLOSED, DEAD_AFTER, LONGEST, THRESHOLD, Health
from services.webhooks.payload import body
from services.webhooks.signing import SecretWrongError, read_secret, sign, written

NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)
secrets = st.binary(min_size=24, max_size=64)
seeds = st.integers(0, 2**32).map(random.Random)


@given(seeds)
def test_the_schedule_lasts_about_three_days(chance: random.Random) -> None:
    # Ten attempts, each pause near its own length, all of them in 2.4 to 3.7 days.
    pauses = [schedule.pause(attempts, chance) for attempts in range(1, 10)]
    assert schedule.pause(10, chance) is None
    total = sum((it for it in pauses if it), timedelta())
    assert timedelta(days=2.4) < total < timedelta(days=3.7)


@given(st.text() | st.integers().map(str) | st.datetimes().map(format_datetime))
def test_retry_after_is_bounded_whatever_it_says(header: str) -> None:
    # RFC 9110: seconds or a date; garbage is none, and nothing is before now or after the bound.
    asked = schedule.asked(header, NOON)
    assert asked is None or timedelta() <= asked <= schedule.LONGEST_ASKED


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("99999999999999999999", 3_600),
        ("Fri, 31 May 2024 12:02:00 GMT", 120),
        ("Fri, 31 May 2024 11:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(header: str, seconds: int | None) -> None:
    wanted = None if seconds is None else timedelta(seconds=seconds)
    assert schedule.asked(header, NOON) == wanted


@given(st.lists(st.booleans() | st.integers(1, 100_000), max_size=60), seeds)
def test_a_breaker_opens_after_failures_in_a_row_and_never_for_long(
    history: list[bool | int], chance: random.Random
) -> None:
    # True: a success, False: a failure, a number: so many seconds pass.
    health, now, row = CLOSED, NOON, 0
    for it in history:
        if isinstance(it, bool):
            was_open = health.is_open(now)
            health = CLOSED if it else health.failed(now, chance)
            row = 0 if it else row + (not was_open or row < THRESHOLD)
        else:
            now += timedelta(seconds=it)
        assert health.failures == row
        assert health.probes == (row >= THRESHOLD)
        assert health.open_until is None or health.open_until <= now + LONGEST
        assert not (health.is_open(now) and row < THRESHOLD)


def test_a_breaker_doubles_with_each_probe_and_closes_with_a_success() -> None:
    chance, health, now = random.Random(1), CLOSED, NOON
    for _ in range(THRESHOLD):
        health = health.failed(now, chance)
    assert health.is_open(now)
    first = health.open_until
    assert first is not None
    assert health.failed(now, chance) == health, "begun before it opened"
    health = health.failed(first, chance)
    assert health.open_until is not None
    assert health.open_until - first > timedelta(seconds=15)
    assert Health() == breaker.CLOSED


def test_dead_only_after_days_without_a_success() -> None:
    chance, health = random.Random(1), CLOSED
    for hours in range(0, 24 * 5, 4):
        health = health.failed(NOON + timedelta(hours=hours), chance)
    assert not health.is_dead(NOON + DEAD_AFTER - timedelta(seconds=1))
    assert health.is_dead(NOON + DEAD_AFTER)
    assert not CLOSED.failed(NOON, chance).is_dead(NOON + timedelta(days=50))


def test_waiting_longer_for_an_answer_that_asks_for_it() -> None:
    health = CLOSED.failed(NOON, random.Random(1)).asked_to_wait(NOON + timedelta(minutes=2))
    assert health.is_open(NOON + timedelta(seconds=119))
    assert not health.is_open(NOON + timedelta(minutes=2))


@given(st.lists(secrets, min_size=1, max_size=3, unique=True), st.text())
def test_each_signature_is_accepted_by_the_official_package(keys: list[bytes], text: str) -> None:
    # Standard Webhooks 1.0, several secrets at once: whoever has one of them can verify.
    sent, at = orjson.dumps({"text": text}) if text.isprintable() else b"{}", datetime.now(UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign(keys, "msg_1", int(at.timestamp()), sent),
    }
    for key in keys:
        Verifier(written(key)).verify(sent, headers)


@given(secrets)
def test_a_secret_is_read_as_it_is_written(secret: bytes) -> None:
    assert read_secret(written(secret)) == secret


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        "whsec_äöü",
        "whsec_" + b64encode(b"x" * 23).decode(),
        "whsec_" + b64encode(b"x" * 65).decode(),
        b64encode(b"x" * 32).decode(),
    ],
)
def test_a_wrong_secret_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(SecretWrongError) as refused:
        read_secret(text)
    assert not text.removeprefix("whsec_") or text not in str(refused.value)


abouts = st.builds(
    About,
    st.sampled_from(["course_completed", "completion_revoked", "enrolled", "test"]),
    st.none() | st.sampled_from(["a", "b"]),
    st.none() | st.booleans(),
)


@given(abouts)
def test_manual_and_not_manual_part_everything(it: About) -> None:
    # M11: each message passes exactly one of the two, and no filter lets everything through.
    # B7: but an undo, which takes back what either was told.
    manual, other = Filter(None, None, "manual"), Filter(None, None, "not_manual")
    undo = it.trigger == "completion_revoked"
    assert manual.wants(it) == (it.manually_completed is True or undo)
    assert other.wants(it) == (it.manually_completed is not True)
    assert Filter(None, None, "all").wants(it)
    assert Filter({it.trigger}, None, "all").wants(it)
    assert not Filter(set(), None, "all").wants(it)
    assert Filter(None, {"a"}, "all").wants(it) == (it.course == "a")


def test_names_come_from_the_directory_alone() -> None:
    # Whatever a message claims of a name is not sent.
    nested = b'{"data": {"user": {"id": "u", "email": "old@example.org"}}, "id": "m"}'
    assert orjson.loads(body("webhook", nested, "Ada", None)) == {
        "data": {"user": {"id": "u", "name": "Ada"}},
        "id": "m",
    }
    flat = b'{"user_id": "u", "user_email": "old@example.org"}'
    assert orjson.loads(body("zapier", flat, None, "new@example.org")) == {
        "user_id": "u",
        "user_email": "new@example.org",
    }
