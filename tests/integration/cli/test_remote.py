"""The same commands by an API and by the servers: same output, same exit codes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from contracts.client import AsyncClient
from services.cli.stack import client as clients
from tests.integration.cli.both_ways import NOWHERE, OF, Two, of_school
from tests.integration.cli.conftest import lines
from tests.support import keyrings
from tests.support.command_line import json_lines
from tests.support.losing import BRIEFLY

if TYPE_CHECKING:
    import pytest

    from tests.integration.cli.conftest import School


# M1, R1, B2, B5, B7: one learner.
def test_one_learner_both_ways(two: Two) -> None:
    two.both(*of_school("enrol", *OF, "--json"))
    two.both(*of_school("enrol", *OF), code=1)
    mark = of_school("mark", *OF, "--no-email")
    two.both(*mark, "--activity", "quiz", "--note", "Seen on paper")
    two.both(*mark, "--whole-course", "--dry-run")
    two.both(*of_school("preview", "reset", *OF, "--whole-course", "--rows"))
    two.both(*of_school("mark", *OF, "--activity", "quiz"), code=2)  # says nothing of the e-mail
    two.both(*of_school("undo", "no-such-command", "--yes"), code=1)
    undone = [
        json_lines(ask(*mark, "--activity", "read", "--json").stdout)[0]["id"]
        for ask in (two.locally, two.remotely)
    ]
    here = two.locally(*of_school("undo", undone[0], "--yes"))
    there = two.remotely(*of_school("undo", undone[1], "--yes"))
    assert two.shown(there, two.there) == two.shown(here, two.here)
    assert there.returncode == 0
    two.until(lambda text: "reverted" in text or "revoked" in text, "show", "SCHOOL", "u-1")
    two.both("show", "SCHOOL", "u-1")
    two.both("show", "SCHOOL", "u-1", "--course", "biology", "--json")
    two.both("show", "SCHOOL", "u-1", "--course", "none", code=1)
    two.both("show", "SCHOOL", "nobody", code=1)
    two.both("show", "SCHOOL", "no one", code=1)
    for by in ("recorded", "effective"):  # B10, B4: by the log, and its history with it
        past = ("show", "SCHOOL", "u-1", "--at", "2999-01-01", "--by", by)
        two.alike(*past)
        [told] = json_lines(two.alike(*past, "--json").stdout)
        history = told["courses"][0]["history"]
        assert len(history) > 1
        assert any(it["undone"] for it in history) == (by == "recorded")
        two.alike(*past, "--history", "1", "--course", "biology", "--json")
        two.alike("show", "SCHOOL", "u-1", "--at", "2020-05-01", "--by", by, code=1)


# M2, B6, B7: many learners, by id and by e-mail address.
def test_an_operation_both_ways(two: Two) -> None:
    many = of_school("--course", "biology", "--learner", "sam@a.example", "--learner", "u-2")
    two.both("enrol", *many, "--learner", "nobody", "--yes", code=1)
    two.both("enrol", *many, "--operation", "o-1", "--yes", "--json")
    mark = ("--whole-course", "--no-email", "--learner", "u-2", "--operation", "o-2", "--yes")
    two.both("mark", *many, *mark)
    two.both("operations", "list", "--school", "SCHOOL")
    two.both("operations", "show", "o-2", "--school", "SCHOOL", "--json")
    two.both("operations", "watch", "o-2", "--school", "SCHOOL")
    two.both("operations", "errors", "o-2", "--school", "SCHOOL")
    two.both("operations", "show", "none", "--school", "SCHOOL", code=2)
    two.both(*of_school("operations", "pause", "o-2"), code=1)
    two.both(*of_school("undo", "--operation", "o-2", "--yes", "--no-preview"))


# B1: a file of lines; each learner's in their order, a wrong one told, the others sent.
def test_a_file_of_lines_both_ways(two: Two) -> None:
    def said(school: School) -> str:
        enrol = school.enroll() | {"id": "e-1"}
        mark = school.mark(effective_at="2024-05-01T09:30:00Z") | {"id": "m-1"}
        again = school.mark() | {"id": "m-2"}
        other = {**mark, "id": "m-3", "data": {**mark["data"], "learner": "u-2"}}
        wrong = {"type": "mark_complete", "data": {}}
        return lines(enrol, mark, again, other, wrong, enrol)

    words = ("send", "--file", "-", "--json")
    here, there = (
        two.locally(*words, stdin=said(two.here)),
        two.remotely(*words, stdin=said(two.there)),
    )
    told = [
        sorted(text.splitlines())
        for text in (two.shown(here, two.here)[1], two.shown(there, two.there)[1])
    ]
    assert told[0] == told[1]
    assert (here.returncode, there.returncode) == (1, 1)
    kinds = {it["line"]: it["kind"] for it in json_lines(there.stdout)}
    assert [kinds[line] for line in range(1, 7)] == [
        *("accepted", "accepted", "rejected", "rejected", "not_sent", "accepted"),
    ]


# What an API cannot do is said, and never done elsewhere.
def test_what_needs_the_servers_says_so(two: Two) -> None:
    reference = lines(*two.there.reference()[:1], two.there.enroll())
    sent = two.remotely("send", "--file", "-", "--json", stdin=reference)
    [school, enrolled] = sorted(json_lines(sent.stdout), key=lambda it: int(it["line"]))
    assert (sent.returncode, school["kind"], enrolled["kind"]) == (1, "not_sent", "accepted")
    assert "over Kafka alone" in school["message"]
    for words in (("doctor",), ("projections", "list"), ("tokens", "list", "SCHOOL"), ("where",)):
        refused = two.remotely(*words)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.endswith("[not_over_http]\n")
        assert "without --server and COURSEMARK_SERVER" in refused.stderr
    chosen = two.remotely("show", "SCHOOL", "u-1", "--kafka", "x:1", "--database", NOWHERE_URL)
    assert (chosen.returncode, "database" in chosen.stderr) == (69, True)  # named: meant
    both = two.remotely("show", "SCHOOL", "u-1", "--kafka", "x:1", "--server", two.server)
    assert both.returncode == 2


NOWHERE_URL = NOWHERE["COURSEMARK_DATABASE"]


def test_a_token_that_is_not_good_a_school_that_is_not_its_and_a_server_that_is_none(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "AsyncClient", partial(AsyncClient, retries=BRIEFLY))
    show = ("show", "SCHOOL", "u-1")
    cases = (
        ({"COURSEMARK_TOKEN": "cm_wrong"}, show, 78, "valid token"),
        ({"COURSEMARK_TOKEN": ""}, show, 78, "COURSEMARK_TOKEN"),
        ({}, ("show", two.here.id, "u-1"), 2, "foreign_school"),
        ({}, ("operations", "list", "--school", two.here.id), 2, "foreign_school"),
        ({"COURSEMARK_SERVER": "http://127.0.0.1:1"}, show, 69, "does not answer"),
        ({"COURSEMARK_SERVER": "api.example"}, show, 78, "coursemark: The server's address"),
        ({"COURSEMARK_TOKEN": "cm_ü"}, show, 78, "coursemark: The token is empty or has"),
    )
    for more, words, code, said in cases:
        done = two.remotely(*words, **more)
        assert (more, done.returncode, done.stdout) == (more, code, "")
        assert said in done.stderr, done.stderr
        assert two.token not in done.stderr
    lent = ("enrol", *OF, "--school", two.here.id, "--actor", "ada")
    refused = two.remotely(*lent)
    assert refused.returncode == 1
    assert "not_permitted" in refused.stdout


def test_a_token_is_tried_kept_used_and_forgotten(two: Two) -> None:
    show = ("operations", "list", "--school", "SCHOOL")
    with keyrings.memory() as held:
        wrong = two.remotely("login", stdin="cm_wrong\n")
        assert (wrong.returncode, held.held) == (78, {})
        kept = two.remotely("login", stdin=f"{two.token}\n", COURSEMARK_TOKEN="")
        assert kept.returncode == 0, kept
        assert two.token not in kept.stdout + kept.stderr
        assert two.remotely(*show, COURSEMARK_TOKEN="").returncode == 0
        assert two.remotely("logout", COURSEMARK_TOKEN="").returncode == 0
        assert (two.remotely(*show, COURSEMARK_TOKEN="").returncode, held.held) == (78, {})
    assert two.locally("login").returncode == 2  # says which API
