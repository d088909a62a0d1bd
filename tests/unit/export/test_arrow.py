"""Every type of event has columns of its own, made from its contract: a new one needs nothing."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import Annotated, Any, Literal
from unittest.mock import patch

import pyarrow as pa
import pytest
from pydantic import AwareDatetime, Field

from contracts import registry
from contracts.model import Contract
from services.export import arrow
from services.export.arrow import ENVELOPE, UnmappableError, schema
from services.store.mapper import decode
from tests.support.event_examples import EXAMPLES_OF


@pytest.mark.parametrize("name", registry.EVENTS)
def test_b13_a_type_keeps_every_field_of_its_examples(name: str) -> None:
    """Through Arrow and back is the same event; the envelope takes no field's name."""
    columns = schema(name)
    assert columns.names[: len(ENVELOPE)] == [it.name for it in ENVELOPE]
    assert len(set(columns.names)) == len(columns.names)
    assert columns.metadata == {b"coursemark.type": name.encode()}
    events = [decode(name, data) for data in EXAMPLES_OF[name]]
    assert events
    rows = [PLACE | event.model_dump(exclude={"school"}) for event in events]
    back = pa.RecordBatch.from_pylist(rows, schema=columns).to_pylist()
    for event, row in zip(events, back, strict=True):
        fields = {key: row[key] for key in row if key not in PLACE}
        again = type(event)(**_untupled(fields), school=event.school)
        assert again == event


def _untupled(value: Any) -> Any:
    """Arrow gives lists where the contract has tuples."""
    if isinstance(value, list):
        return tuple(map(_untupled, value))
    if isinstance(value, dict):
        return {key: _untupled(it) for key, it in value.items()}
    return value


PLACE = {"event_id": "s/l/c@1", "event_version": 1, "transaction_id": 7, "notification_id": 8}


class Inner(Contract):
    names: tuple[str, ...]


class Novel(Contract):
    school: str
    text: Annotated[str, Field(min_length=1)]
    maybe: float | None = None
    either: Literal["a", "b"]
    when: AwareDatetime
    then: datetime | None = None
    inner: tuple[Inner, ...] | None = None


def test_a_new_type_has_columns_by_itself() -> None:
    with patch.dict(arrow.registry.__dict__, {"EVENTS": {"coursemark.progress.novel.v1": Novel}}):
        columns = schema("coursemark.progress.novel.v1")
    found = {it.name: (str(it.type), it.nullable) for it in columns if it not in ENVELOPE}
    assert found == {
        "text": ("string", False),
        "maybe": ("double", True),
        "either": ("string", False),
        "when": ("timestamp[us, tz=UTC]", False),
        "then": ("timestamp[us, tz=UTC]", True),
        "inner": (
            "list<item: struct<names: list<item: string not null> not null> not null>",
            True,
        ),
    }


class Odd(Contract):
    value: int | str


def test_a_kind_that_no_column_can_hold_is_named() -> None:
    odd = {"coursemark.progress.odd.v1": Odd}
    with (
        patch.dict(arrow.registry.__dict__, {"EVENTS": odd}),
        pytest.raises(UnmappableError, match=r"Odd\.value: .* several kinds"),
    ):
        schema("coursemark.progress.odd.v1")
