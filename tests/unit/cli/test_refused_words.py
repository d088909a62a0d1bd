"""Wrong words of a read are told the same by an API and by the servers, and neither is asked."""

from __future__ import annotations

import pytest

from tests.integration.cli.both_ways import NOWHERE
from tests.support.command_line import coursemark

AN_API = {"COURSEMARK_SERVER": "http://127.0.0.1:1", "COURSEMARK_TOKEN": "cm_one"}
"""Nobody listens there: whoever asked it, or the servers of ``NOWHERE``, would end with 69."""

WRONG = (
    ("search s --limit 0", "limit"),
    ("search s --limit 201", "limit"),
    ("search s --completed-between then now", "--completed-between"),
    ("search s --completed-between 2024-05-02 2024-05-01", "completed"),
    ("search s --status done", "status"),
    ("reports time s --by weather", "--by"),
    ("reports time s --by learner --learner u-1", "--learner"),
    ("reports time s --by learner --after a~b", "--after"),
    ("reports time s --since 2024-06-01 --until 2024-05-31", "--until"),
    ("reports time s --since 2024-02-30", "--since"),
    ("reports counts s --kinds births", "--kinds"),
    ("reports scores s --of everything", "--of"),
    ("reports days s --limit 100001", "--limit"),
    ("audit s --status 99", "--status"),
    ("audit s --since yesterday", "--since"),
    ("audit s --until 2024-05-01", "--until"),
    ("audit s --operation Mark~complete", "--operation"),
    ("audit s --actor a~b", "--actor"),
    (f"audit s --caller {'x' * 301}", "--caller"),
    ("audit s --limit 0", "--limit"),
    ("audit s --limit 10001", "--limit"),
)


@pytest.mark.parametrize(("words", "named"), WRONG, ids=[it[:40] for it, _ in WRONG])
def test_wrong_words_are_told_before_anything_is_asked(words: str, named: str) -> None:
    split = [it.replace("~", " ") for it in words.split()]
    here, there = (coursemark(*split, **NOWHERE | more) for more in ({}, AN_API))
    assert here == there
    assert (there.returncode, there.stdout) == (2, "")
    assert named in there.stderr
