"""Settings are bounded, and no secret of theirs is shown."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from services.runtime.settings import Settings, masked


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("", ""),
        ("embedded", "embedded"),
        ("analytical", "***"),
        ("postgresql://ada:engine@db/coursemark", "postgresql://ada:***@db/coursemark"),
        ("postgresql://ada:en@gine@db/coursemark", "postgresql://ada:***@db/coursemark"),
        ("postgresql://ada:en:gine@db/x", "postgresql://ada:***@db/x"),
        ("postgresql://ada@db/coursemark", "postgresql://ada:***@db/coursemark"),
        ("postgresql://ada:en/gine@db/x", "postgresql://ada:***@db/x"),
        ("postgresql://ada:pw@db/x?password=eng@ine", "postgresql://ada:***@db/x?***"),
        ("postgresql://ada:en?gine@db/x", "***"),
        ("postgresql://db/coursemark?password=engine", "***"),
        ("not a url: engine@db", "***"),
    ],
)
def test_a_secret_is_masked(secret: str, shown: str) -> None:
    assert masked(secret) == shown


def test_nothing_that_was_secret_is_printed() -> None:
    secrets: dict[str, Any] = {
        "database": "postgresql://ada:engine@db/x",
        "kafka_password": "analytical",
    }
    chosen = Settings(_env_file=None, **secrets)
    for text in (str(chosen.shown()), repr(chosen), str(chosen)):
        assert "engine" not in text
        assert "analytical" not in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"database_connections": 2},
        {"partitions": 0},
        {"replication": 11},
        {"command_batch": 10_001},
        {"patience_seconds": 0},
        {"kafka_session_seconds": 5},
        {"kafka_security": "TLS"},
        {"log_level": "loud"},
    ],
    ids=str,
)
def test_a_setting_out_of_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, **wrong)


@pytest.mark.parametrize(
    ("kafka", "database", "embedded"),
    [
        ("embedded", "embedded", (True, True)),
        ("apache", "embedded", (False, True)),
        ("left:9092", "postgresql://db/x", (False, False)),
    ],
)
def test_which_servers_are_ours(kafka: str, database: str, embedded: tuple[bool, bool]) -> None:
    chosen = Settings(_env_file=None, kafka=kafka, database=database)
    assert (chosen.embedded_broker, chosen.embedded_database) == embedded
