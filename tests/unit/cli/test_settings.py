"""Every setting is shown with its source and without its secret; the example holds them all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from services.cli.errors import WrongSettingsError
from services.cli.main import app
from services.cli.options import read_settings
from services.cli.settings import example_text
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).resolve().parents[3]
SECRET = "postgresql://ada:engine@db.example/coursemark"  # noqa: S105 - made up


def run(*words: str) -> Result:
    return CliRunner().invoke(app(), ["settings", *words])


def test_the_example_is_what_the_settings_say() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == example_text()
    assert run("--example").output == example_text()


def test_the_example_sets_nothing_until_a_line_is_uncommented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = example_text().splitlines()
    assert all(line.startswith("#") or not line for line in lines)
    settings = "\n".join(line.removeprefix("#") for line in lines if line[1:].startswith("COURSE"))
    (tmp_path / "all.env").write_text(settings)
    for variable in Settings().shown():
        monkeypatch.delenv(variable, raising=False)
    assert Settings(_env_file=tmp_path / "all.env").shown() == Settings(_env_file=None).shown()


def test_each_setting_says_where_it_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEMARK_PARTITIONS", "7")
    monkeypatch.setenv("COURSEMARK_KAFKA", "left:1")
    (tmp_path / ".env").write_text("COURSEMARK_COMMAND_BATCH=9\nCOURSEMARK_PARTITIONS=8\n")
    shown = {it["variable"]: it for it in json.loads(run("--json", "--kafka", "right:2").output)}
    found = {
        name.removeprefix("COURSEMARK_"): (it["value"], it["source"]) for name, it in shown.items()
    }
    assert found["KAFKA"] == ("right:2", "option")
    assert found["PARTITIONS"] == ("7", "environment")
    assert found["COMMAND_BATCH"] == ("9", ".env")
    assert found["REPLICATION"] == ("1", "default")
    assert all(it["about"] for it in shown.values())


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEMARK_DATABASE", SECRET)
    monkeypatch.setenv("COURSEMARK_KAFKA_PASSWORD", "analytical")
    for output in (run().output, run("--json").output):
        assert "engine" not in output
        assert "analytical" not in output
        assert "postgresql://ada:***@db.example/coursemark" in output


def test_a_wrong_setting_is_named_with_what_to_send(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEMARK_PARTITIONS", "0")
    with pytest.raises(WrongSettingsError) as refused:
        read_settings({})
    assert str(refused.value) == "COURSEMARK_PARTITIONS is too small; send 1 or more."
