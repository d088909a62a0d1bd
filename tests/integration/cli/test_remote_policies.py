"""Policies, the audit log and persons' data by an API and by the servers (A1, B3, B4)."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from tests.support.command_line import json_lines

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.both_ways import Two


# B3, B4: shown and changed alike, but that no administrator alone lifts what needs two.
def test_a_policy_both_ways(two: Two) -> None:
    show, change = ("policies", "show", "SCHOOL"), ("policies", "set", "SCHOOL")
    two.both(*show, "--json")
    two.both(*change, "--json")
    given = ("--max-backdating-days", "30", "--reason", "migration", "--note-required")
    two.both(*change, *given, "--four-eyes-above", "5", "--json")
    two.both(*change, "--reason", "any", "--max-import-backdating-days", "0")
    two.both(*change, "--four-eyes-above", "3", "--no-note-required")
    shown = two.alike(*show, "--json")
    assert json.loads(shown.stdout) == {
        "max_backdating_days": 30,
        "max_import_backdating_days": 0,
        "reasons": None,
        "note_required": False,
        "four_eyes_above": 3,
    }
    two.both(*change, "--four-eyes-above", "-1", code=2)
    two.both(*change, "--reason", "bored", code=2)
    for more in ("4", "none"):
        lifted = two.remotely(*change, "--four-eyes-above", more)
        assert (lifted.returncode, lifted.stdout) == (1, "")
        assert lifted.stderr.endswith("[not_permitted]\n")
    assert two.alike(*show, "--json") == shown
    unknown = two.stack.run("policies", "show", "none-such")
    assert (unknown.returncode, "[unknown_school]" in unknown.stderr) == (2, True)


# A1: who was refused and who changed what: the same entries, of the token's school.
def test_the_audit_log_both_ways(two: Two) -> None:
    change = ("policies", "set", "SCHOOL", "--four-eyes-above")
    codes = [two.remotely(*change, number).returncode for number in ("2", "1", "9")]
    assert codes == [0, 0, 1]
    ends = time.monotonic() + 60
    while len(json_lines(two.remotely("audit", "SCHOOL", "--json").stdout)) < 3:
        assert time.monotonic() < ends, "the log does not show it"
    whole = two.alike("audit", "SCHOOL", "--json")
    entries = json_lines(whole.stdout)
    assert [(it["operation"], it["status"]) for it in entries] == [
        *(("set_policy", 403), ("set_policy", 200), ("set_policy", 200)),
    ]
    assert two.remotely("audit", "--json") == whole
    between = ("--since", entries[1]["at"], "--until", entries[0]["at"])
    by = ("--actor", "ada", "--caller", entries[0]["caller"], "--operation", "set_policy")
    for words, many in (
        (("--limit", "2"), 2),
        (("--limit", "10000"), 3),
        (("--status", "403", "--status", "404"), 1),
        (between, 1),
        (by, 3),
        (("--actor", "nobody"), 0),
    ):
        done = two.alike("audit", "SCHOOL", "--json", *words)
        assert len(json_lines(done.stdout)) == many, words
        two.alike("audit", "SCHOOL", *words)
    for option, wrong in (
        *(("--status", "99"), ("--since", "yesterday"), ("--until", "2024-05-01")),
        *(("--operation", "Mark complete"), ("--actor", "a b"), ("--caller", "x" * 301)),
        *(("--limit", "0"), ("--limit", "10001")),
    ):
        assert option in two.alike("audit", "SCHOOL", option, wrong, code=2).stderr


# All that is held of a person: the same document, and a file that is there whole or not at all.
def test_a_persons_document_both_ways(two: Two, tmp_path: Path) -> None:
    export = ("privacy", "export", "SCHOOL")
    document = two.alike(*export, "u-1").stdout
    assert json.loads(document)["directory"]["name"] == "Sam Okafor"
    out = tmp_path / "sam.json"
    written = two.remotely(*export, "u-1", "--out", str(out))
    assert (written.returncode, written.stdout, out.read_text()) == (0, "", document)
    for user in ("nobody", "a/b", "~x", ".."):
        two.alike(*export, user, "--out", str(out), code=2)
    assert (out.read_text(), list(tmp_path.iterdir())) == (document, [out])


# A person erased: looked at first, asked, done, on whose word; once more it changes nothing.
def test_an_erasure_both_ways(two: Two) -> None:
    erase = ("privacy", "erase", "SCHOOL", "u-1")
    unasked = two.both(*erase, code=2)
    assert "directory record" in unasked.stdout
    two.both(*erase, "--yes", "--reason", "", code=2)
    two.both("privacy", "list", "SCHOOL", "--json")
    for user in ("nobody", "a/b", ".."):
        two.both("privacy", "erase", "SCHOOL", user, "--yes", code=2)
    lent = two.remotely(*erase, "--yes", "--actor", "u-2")
    assert (lent.returncode, lent.stdout) == (1, "")
    assert "The token asks in the name of ada, not of u-2" in lent.stderr
    assert lent.stderr.endswith("[not_permitted]\n")
    assert json.loads(two.alike("privacy", "export", "SCHOOL", "u-1").stdout)["directory"]
    because = ("--yes", "--actor", "ada", "--reason", "request 17")
    done = json.loads(two.both(*erase, *because, "--json").stdout)
    assert (done["found"]["directory"], done["steps"][-1]["step"]) == (True, "ended")
    assert (done["erasure"]["actor"], done["erasure"]["reason"]) == ("ada", "request 17")
    two.both(*erase, "--yes", "--actor", "ada")
    two.both("privacy", "erase", "SCHOOL", "u-2", *because)
    listed = json_lines(two.alike("privacy", "list", "SCHOOL", "--json").stdout)
    assert [it["user"] for it in listed] == ["u-1", "u-2"]
    two.alike("privacy", "list", "SCHOOL")
    assert json.loads(two.alike("privacy", "export", "SCHOOL", "u-1").stdout)["directory"] is None
