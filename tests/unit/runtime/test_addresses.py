"""Servers are where the settings say, or where the embedded ones left their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.runtime.addresses import (
    Addresses,
    NotRunningError,
    find,
    find_database,
    find_kafka,
    find_side,
    port_file,
)
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def settings(**chosen: Any) -> Settings:
    return Settings(_env_file=None, **chosen)


def test_servers_that_exist_are_taken_as_they_are_named() -> None:
    url = "postgresql://ada:engine@db.example/coursemark"
    assert find(settings(kafka="one:9092,two:9092", database=url)) == Addresses(
        "one:9092,two:9092", url
    )


@pytest.mark.parametrize("kafka", ["embedded", "apache"])
def test_embedded_servers_are_found_by_the_files_that_they_left(tmp_path: Path, kafka: str) -> None:
    for name, text in {
        f"kafka/{kafka}/port": "4711\n",
        "postgres/port": "4712",
        "postgres/password": "p@ss/word:1\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert find(settings(data=tmp_path, kafka=kafka)) == Addresses(
        "127.0.0.1:4711", "postgresql://coursemark:p%40ss%2Fword%3A1@127.0.0.1:4712/coursemark"
    )


@pytest.mark.parametrize("find_one", [find_kafka, find_database])
def test_where_nothing_runs_it_says_what_to_do(tmp_path: Path, find_one: Any) -> None:
    with pytest.raises(NotRunningError) as missing:
        find_one(settings(data=tmp_path))
    assert missing.value.code == "not_running"
    assert str(missing.value) == (
        f"Nothing runs in {tmp_path}; start it with `coursemark up`, or name servers with "
        "--kafka HOST:PORT and --database URL."
    )


def test_the_api_is_where_the_settings_say_or_where_it_listened_last(tmp_path: Path) -> None:
    chosen = settings(data=tmp_path)
    with pytest.raises(NotRunningError, match=r"or set COURSEMARK_API_PORT\.$"):
        find_side(chosen, "api")
    port_file(chosen, "api").parent.mkdir()
    port_file(chosen, "api").write_text("4713\n")
    assert find_side(chosen, "api") == "http://127.0.0.1:4713"
    everywhere = settings(data=tmp_path, zapier_host="0.0.0.0", zapier_port=80)  # noqa: S104
    assert find_side(everywhere, "zapier") == "http://127.0.0.1:80"
