"""What the how-to guide shows is what the contracts say, and its scripts need what they name."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from contracts import envelope, problems, registry, topics
from contracts.results import CommandAccepted, CommandRejected

FOLDER = Path(__file__).parents[2] / "docs" / "how-to"
GUIDE = (FOLDER / "send-a-command.md").read_text("utf-8")


def imported(script: str) -> set[str]:
    """Top-level packages that a script imports, without the standard library."""
    tree = ast.parse((FOLDER / script).read_text("utf-8"))
    names = {
        alias.name for it in ast.walk(tree) if isinstance(it, ast.Import) for alias in it.names
    }
    names |= {it.module or "." for it in ast.walk(tree) if isinstance(it, ast.ImportFrom)}
    return {name.split(".")[0] for name in names} - sys.stdlib_module_names


@pytest.mark.parametrize(
    ("script", "needs"),
    [
        ("send_a_command.py", {"coursemark_contracts", "aiokafka", "pydantic"}),
        ("plain_cloudevent.py", {"aiokafka"}),
        ("listen_to_progress.py", {"coursemark_contracts", "aiokafka"}),
        ("receive_webhooks.py", {"standardwebhooks"}),
    ],
)
def test_a_script_needs_no_more_than_the_guide_installs(script: str, needs: set[str]) -> None:
    assert imported(script) == needs


def test_b2_the_results_that_the_guide_shows_are_results() -> None:
    accepted, rejected = re.findall(r"```json\n(.*?)```", GUIDE, flags=re.DOTALL)
    result = CommandAccepted.model_validate_json(accepted)
    assert json.loads(result.to_json()) == json.loads(accepted)
    [event] = result.events
    assert event.id == topics.event_id(event.stream, event.version)
    refusal = CommandRejected.model_validate_json(rejected)
    assert json.loads(refusal.to_json()) == json.loads(rejected)


def test_b2_the_refusal_that_the_guide_shows_is_the_one_that_comes() -> None:
    [rejected] = re.findall(r'"message": "(.*?)"', GUIDE)
    command = {
        "school": "r",
        "learner": "u",
        "course": "c",
        "actor": "a",
        "activities": ["a", "a"],
        "send_completion_email": False,
    }
    with pytest.raises(ValidationError) as refused:
        registry.COMMANDS["coursemark.commands.mark_complete.v1"].model_validate_json(
            json.dumps(command)
        )
    assert problems.sentence(refused.value) == rejected


def test_the_line_for_kcat_is_a_command_under_its_own_key() -> None:
    [line] = re.findall(r"echo '(.*?)' \| tr", GUIDE, flags=re.DOTALL)
    key, _, value = line.replace("\n", "").partition("|")
    read = envelope.read(value.encode(), [])
    command = registry.COMMANDS[read.type].model_validate_json(read.data)
    assert key == topics.learner_key(command.school, command.learner)
