"""A producer installs `coursemark-contracts` alone; pydantic is its one dependency."""

from __future__ import annotations

import json
import re
import subprocess
import textwrap
import tomllib
from email.parser import Parser
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from contracts import schema
from tests.support.contracts_wheel import ROOT, built, python, site

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "contracts" / "README.md").read_text("utf-8")

PRODUCER = """
import importlib, json, pkgutil, sys

import coursemark_contracts
from coursemark_contracts import commands, envelope, registry, results

for module in pkgutil.walk_packages(coursemark_contracts.__path__, "coursemark_contracts."):
    if not module.name.startswith("coursemark_contracts.client"):  # it needs httpx: an extra
        importlib.import_module(module.name)

command = commands.EnrollLearner(school="riverside", learner="u-1204", course="biology-1")
event = envelope.Envelope("e-1", registry.name_of(command), "/riverside", command.to_json())
sent = envelope.read(event.data, envelope.write(event))
body = b'{"command_id": "e-1", "school": "riverside", "recorded_at": "2024-05-01T09:30:00Z"}'
result = registry.RESULTS["coursemark.results.command_accepted.v1"].model_validate_json(body)

hidden = {}
for name in ("contracts", "services", "projections", "faststream", "aiokafka", "asyncpg"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        hidden[name] = error.name
print(json.dumps({
    "headers": [[name, raw.decode()] for name, raw in envelope.write(event)],
    "read_back": sent == event,
    "outcome": result.outcome,
    "hidden": hidden,
    "from": [coursemark_contracts.__file__, sys.modules["pydantic"].__file__],
}))
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and pydantic, and nothing else."""
    return site(tmp_path_factory.mktemp("producer"), "pydantic")


def output(alone: Path, folder: Path, source: str) -> str:
    """What a program prints that sees that folder and the standard library."""
    script = folder / "producer.py"
    script.write_text(source, encoding="utf-8")
    done = subprocess.run(
        python(alone, script), cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_makes_a_command_and_reads_a_result_with_pydantic_alone(
    alone: Path, tmp_path: Path
) -> None:
    said = json.loads(output(alone, tmp_path, PRODUCER))
    assert said["headers"] == [
        ["ce_specversion", "1.0"],
        ["ce_id", "e-1"],
        ["ce_type", "coursemark.commands.enroll_learner.v1"],
        ["ce_source", "/riverside"],
        ["content-type", "application/json"],
    ]
    assert said["read_back"] is True
    assert said["outcome"] == "accepted"
    assert said["hidden"] == {
        name: name
        for name in ("contracts", "services", "projections", "faststream", "aiokafka", "asyncpg")
    }
    assert all(place.startswith(str(alone)) for place in said["from"])


def test_the_examples_of_its_readme_run(alone: Path, tmp_path: Path) -> None:
    make, read = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    answer = """
    from types import SimpleNamespace
    from coursemark_contracts import results
    body = results.CommandAccepted.model_validate_json(
        '{"command_id": "%s", "school": "riverside", "recorded_at": "2024-05-01T09:30:00Z"}'
        % event.id
    )
    answer = event._replace(type=registry.name_of(body), data=body.to_json())
    record = SimpleNamespace(value=answer.data, headers=envelope.write(answer))
    """
    said = output(alone, tmp_path, make + textwrap.dedent(answer) + read + "print(topic, key)")
    assert said.splitlines() == ["accepted", "coursemark.commands.v1 b'riverside/u-1204'"]


def test_its_metadata_names_pydantic_alone_httpx_as_an_extra_and_the_version_of_coursemark(
    alone: Path,
) -> None:
    [metadata] = alone.glob("coursemark_contracts-*.dist-info/METADATA")
    its = Parser().parsestr(metadata.read_text("utf-8"))
    main = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needs, extra = its.get_all("Requires-Dist") or []
    assert (needs, extra) == ("pydantic>=2.12", "httpx>=0.28; extra == 'client'")
    assert (its["Name"], its["Version"]) == ("coursemark-contracts", main["version"])
    assert its["Requires-Python"] == main["requires-python"]
    ours = [it for it in main["dependencies"] if it.startswith(("pydantic>", "httpx>"))]
    assert sorted(ours) == ["httpx>=0.28", needs], "both wheels ask for the same"


def test_it_holds_every_module_every_golden_schema_and_the_licence(alone: Path) -> None:
    package = alone / "coursemark_contracts"
    inside = {
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    modules = {
        str(path.relative_to(ROOT / "contracts")) for path in (ROOT / "contracts").rglob("*.py")
    }
    schemas = {f"schemas/{path.name}" for path in schema.FOLDER.iterdir()}
    assert inside == modules | schemas | {"py.typed", "LICENSE"}


def test_the_main_wheel_does_not_hold_the_project_of_the_second(tmp_path: Path) -> None:
    with ZipFile(built(ROOT, tmp_path)) as wheel:
        names = set(wheel.namelist())
    assert "contracts/registry.py" in names
    assert not {"contracts/pyproject.toml", "contracts/README.md"} & names
