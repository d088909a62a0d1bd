"""B4: an instant has a zone, lies in the years 1970 to 9999, and is kept in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from contracts.fields import EPOCH, Instant
from contracts.model import Contract


class Moment(Contract):
    at: Instant


def read(at: str) -> datetime:
    return Moment.model_validate_json(f'{{"at": {at}}}').at


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-05-01T09:30:00Z", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        ("2024-05-01T09:30:00+02:00", datetime(2024, 5, 1, 7, 30, tzinfo=UTC)),
        ("2024-05-01T09:30:00.123456-11:30", datetime(2024, 5, 1, 21, 0, 0, 123456, UTC)),
        ("1970-01-01T00:00:00Z", EPOCH),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_and_kept_in_utc(text: str, instant: datetime) -> None:
    found = read(f'"{text}"')
    assert found == instant
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"2024-05-01T09:30:00"', "timezone"),
        ('"1969-12-31T23:59:59Z"', "in or after 1970"),
        ('"1970-01-01T00:30:00+01:00"', "in or after 1970"),
        ('"0001-01-01T00:00:00+12:00"', "1970 to 9999"),
        ('"9999-12-31T23:59:59-12:00"', "1970 to 9999"),
        ('"20240501"', "written as 2024-05-01T09:30:00Z"),
        ('"2024-05-01"', "written as"),
        ('"1714555800"', "written as"),
        ("1714555800", "written as"),
        ("true", "written as"),
        ("null", "written as"),
        ('""', "written as"),
        ('"2024-05-01T25:00:00Z"', "valid datetime"),
        ('"2024-02-30T10:00:00Z"', "valid datetime"),
        ('"tomorrow, 10:00"', "valid datetime"),
    ],
)
def test_any_other_instant_is_refused_with_what_to_do(text: str, says: str) -> None:
    """Digits alone would otherwise be Unix seconds: 20240501 a day in 1970."""
    with pytest.raises(ValidationError, match=says):
        read(text)


@given(st.text())
def test_no_text_makes_reading_fail_in_another_way(text: str) -> None:
    try:
        Moment(at=text)  # type: ignore[arg-type]  # that is what is tried
    except ValidationError:
        return
    assert ":" in text


@given(st.datetimes(EPOCH.replace(tzinfo=None)), st.integers(-1_439, 1_439))
def test_what_is_written_is_read_back_the_same(naive: datetime, offset: int) -> None:
    zone = timezone(timedelta(minutes=offset))
    try:
        moment = Moment(at=naive.replace(tzinfo=zone))
    except ValidationError:
        assert naive.year in {1970, 9999}
        return
    assert Moment.model_validate_json(moment.to_json()) == moment
    assert moment.at == naive.replace(tzinfo=zone)


def test_only_messages_of_ours_are_strict_about_it() -> None:
    """The strictness lies in `Contract`; a plain pydantic model would coerce."""

    class Lenient(BaseModel):
        number: int

    class Strict(Contract):
        number: int

    assert Lenient.model_validate_json('{"number": "5"}').number == 5
    with pytest.raises(ValidationError, match="valid integer"):
        Strict.model_validate_json('{"number": "5"}')
