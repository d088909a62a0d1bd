"""CloudEvents are written in binary mode, and what is written is read back the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Envelope, read, timestamp, write

TEXT = st.text(st.characters(codec="utf-8"), min_size=1)
NAMES = st.sampled_from(["traceparent", "tracestate", "sequence", "partitionkey", "correlationid"])
ENVELOPES = st.builds(
    Envelope,
    id=TEXT,
    type=TEXT,
    source=TEXT,
    data=st.binary(),
    subject=st.none() | TEXT,
    time=st.none() | TEXT,
    attributes=st.dictionaries(NAMES, TEXT),
)


@given(ENVELOPES)
def test_round_trip(envelope: Envelope) -> None:
    assert read(envelope.data, write(envelope)) == envelope


def test_headers_as_the_kafka_binding_names_them() -> None:
    """The trace headers stand bare, where tracing libraries look for them."""
    envelope = Envelope(
        id="m-1",
        type="coursemark.results.command_accepted.v1",
        source="/coursemark",
        data=b"{}",
        subject="riverside/u-1204",
        time="2024-05-01T10:00:00Z",
        attributes={"sequence": "5", "traceparent": "00-aa-bb-01"},
    )
    assert dict(write(envelope)) == {
        "ce_specversion": b"1.0",
        "ce_id": b"m-1",
        "ce_type": b"coursemark.results.command_accepted.v1",
        "ce_source": b"/coursemark",
        "content-type": b"application/json",
        "ce_subject": b"riverside/u-1204",
        "ce_time": b"2024-05-01T10:00:00Z",
        "ce_sequence": b"5",
        "traceparent": b"00-aa-bb-01",
    }


def test_timestamps_are_rfc_3339() -> None:
    assert timestamp(datetime(2024, 5, 1, 10, tzinfo=UTC)) == "2024-05-01T10:00:00Z"
    half_past = timezone(timedelta(hours=5, minutes=30))
    assert timestamp(datetime(2024, 5, 1, 10, 0, 0, 5, half_past)) == (
        "2024-05-01T10:00:00.000005+05:30"
    )
