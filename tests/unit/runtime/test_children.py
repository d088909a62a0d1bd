"""What a part gets from ``coursemark up``: resolved servers, in its environment alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.runtime.addresses import Addresses
from services.runtime.children import command, environment
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

ADDRESSES = Addresses("127.0.0.1:9", "postgresql://coursemark:secret@127.0.0.1:5/coursemark")


def received(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a part that was started with these variables."""
    for name, value in variables.items():
        if name.startswith("COURSEMARK"):
            monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


@pytest.mark.parametrize(
    ("chosen", "idempotence"),
    [
        ({}, "off"),
        ({"kafka_idempotence": "on"}, "on"),
        ({"kafka": "apache"}, "auto"),
        ({"kafka": "somewhere:1"}, "auto"),
    ],
)
def test_a_part_gets_every_setting_and_the_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Any], idempotence: str
) -> None:
    settings = Settings(_env_file=None, data=tmp_path, partitions=3, topic_prefix="t.", **chosen)
    part = received(environment(settings, ADDRESSES), monkeypatch)
    assert part.kafka == ADDRESSES.kafka
    assert part.database.get_secret_value() == ADDRESSES.database
    assert part.kafka_idempotence == idempotence
    assert (part.partitions, part.topic_prefix, part.data) == (3, "t.", tmp_path)


def test_a_part_gets_lists_and_no_token_of_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = {"issuer": "https://id.example", "audience": "coursemark", "schools": ["riverside"]}
    settings = Settings(
        _env_file=None,
        data=tmp_path,
        api_origins=("https://a.example", "https://b.example"),
        oidc_issuers=(issuer,),
        server="https://api.example",
        token="cm_secret",  # noqa: S106 - a made-up one
    )
    monkeypatch.setenv("COURSEMARK_TOKEN", "cm_secret")
    variables = environment(settings, ADDRESSES)
    monkeypatch.delenv("COURSEMARK_TOKEN")
    assert "cm_secret" not in variables.values()
    part = received(variables, monkeypatch)
    assert (part.api_origins, part.oidc_issuers) == (settings.api_origins, settings.oidc_issuers)
    assert (part.server, part.token) == (None, None)


def test_no_secret_stands_on_a_command_line() -> None:
    assert "secret" not in " ".join(command("run", "projector"))


def test_another_spelling_of_a_variable_does_not_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("coursemark_kafka", "elsewhere:1")
    variables = environment(Settings(_env_file=None, data=tmp_path), ADDRESSES)
    kafka = [value for name, value in variables.items() if name.upper() == "COURSEMARK_KAFKA"]
    assert kafka == [ADDRESSES.kafka]
