"""The compose file runs the parts that there are, with settings that there are."""

from __future__ import annotations

import re
from pathlib import Path

from services.composition import RUNS
from services.runtime.settings import PREFIX, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = (DEPLOY / "compose.yaml").read_text("utf-8")


def test_every_part_is_a_service() -> None:
    services = re.findall(
        r"^  (\S+):\n    <<: \*part\n    command: \[run, (\S+),", COMPOSE, re.MULTILINE
    )
    assert services == [(part, part) for part in RUNS]


def test_every_variable_is_a_setting() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(rf"^ {{4,6}}({PREFIX}\w+):", COMPOSE, re.MULTILINE))
    assert named
    assert named <= known


def test_what_listens_for_http_is_reached_from_this_machine_alone() -> None:
    for part in ("api", "zapier"):
        [service] = re.findall(rf"^  {part}:\n((?:    .*\n)+)", COMPOSE, re.MULTILINE)
        assert f"{PREFIX}{part.upper()}_HOST: 0.0.0.0" in service
        [port] = re.findall(rf"{PREFIX}{part.upper()}_PORT: (\d+)", service)
        assert f'ports: ["127.0.0.1:{port}:{port}"]' in service


def test_the_image_starts_the_command_that_the_project_declares() -> None:
    project = (DEPLOY.parent / "pyproject.toml").read_text("utf-8")
    [command] = re.findall(
        r'^\[project\.scripts\]\n(\w+) = "services\.cli\.main:main"', project, re.MULTILINE
    )
    assert f'ENTRYPOINT ["{command}"]' in (DEPLOY / "Dockerfile").read_text("utf-8")
