"""The patterns of ids say the same in the models, in Python and in ECMA-262."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.fields import ID_PATTERN, CommandId, Id, Label, Text

ID_SAMPLES = [
    *("u-1204", "ada@example.org", "学校:7", "😀", "a~b", "é" * 128, "😀" * 128, "%2F", "."),
    *("", "~courses", "a/b", "/", "a b", " a", "a\tb", "a\u00a0b", "a\u2028b", "a\u3000b"),
    *("a\x00b", "a\x1cb", "a\x7fb", "a\x85b", "\ufeffa", "a\ufeff", "a\nb", "x" * 129, "x" * 1000),
    *("\u200ba", "\u180ea", "a\u202eb"),
]
COMMAND_ID_SAMPLES = ["m-1", "!", "~" * 128, "", "a b", "a\x7f", "é", "x" * 129, "a\x00", "\t"]
TEXT_SAMPLES = ["", "two\nlines", "\u2028", "nul\x00", "😀" * 2_000]
PATTERNS = [
    pytest.param(Id, ID_SAMPLES, id="Id"),
    pytest.param(CommandId, COMMAND_ID_SAMPLES, id="CommandId"),
    pytest.param(Text, TEXT_SAMPLES, id="Text"),
]
SCRIPT = "const [p, s] = JSON.parse(process.argv[1]); const r = new RegExp(p, 'u');"
SCRIPT += "console.log(JSON.stringify(s.map(x => r.test(x))))"


def taken_by_the_model(kind: Any, samples: list[str]) -> list[bool]:
    def is_taken(sample: str) -> bool:
        try:
            TypeAdapter(kind).validate_json(json.dumps(sample))
        except ValidationError:
            return False
        return True

    return [is_taken(sample) for sample in samples]


def pattern_of(kind: Any) -> str:
    return str(TypeAdapter(kind).json_schema()["pattern"])


@pytest.mark.parametrize(("kind", "samples"), PATTERNS)
def test_in_python(kind: Any, samples: list[str]) -> None:
    pattern = re.compile(pattern_of(kind))
    found = [pattern.search(sample) is not None for sample in samples]
    assert found == taken_by_the_model(kind, samples)


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js to read ECMA-262 patterns")
@pytest.mark.parametrize(("kind", "samples"), PATTERNS)
def test_in_ecma_262(kind: Any, samples: list[str]) -> None:
    asked = json.dumps([pattern_of(kind), samples])
    done = subprocess.run(["node", "-e", SCRIPT, asked], capture_output=True, check=True)
    assert json.loads(done.stdout) == taken_by_the_model(kind, samples)


def test_a_last_line_break_is_no_part_of_an_id() -> None:
    """Python's `$` lets it pass, so a reader with `jsonschema` alone would not see it."""
    assert re.search(ID_PATTERN, "a\n")
    assert taken_by_the_model(Id, ["a\n"]) == [False]


def test_labels_are_neither_empty_nor_longer_than_200_characters() -> None:
    samples = ["", "x", "😀" * 200, "x" * 201, "a\x00"]
    assert taken_by_the_model(Label, samples) == [False, True, True, False, False]


def test_free_text_ends_at_2000_characters() -> None:
    assert taken_by_the_model(Text, ["😀" * 2_000, "x" * 2_001]) == [True, False]
