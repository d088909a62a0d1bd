"""``coursemark webhooks`` by an API and by the servers: alike (B11)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, NamedTuple

from services.webhooks.signing import read_secret
from tests.support.command_line import json_lines
from tests.support.losing import losing
from tests.support.receivers import receiver, says, status

if TYPE_CHECKING:
    import httpx
    import pytest

    from tests.integration.cli.both_ways import Two
    from tests.support.command_line import Done

URL = "https://example.org/in"
OWN = f"whsec_{'c2Vj' * 8}"
APART = (
    (r"ep_[0-9a-f]{24}", "ENDPOINT"),
    (r"msg_[0-9a-f]{32}", "MESSAGE"),
    (r"whsec_[A-Za-z0-9+/]{43}=", "SECRET"),
    (r"(?<= )\d+ +(?=broken)", "TIME "),
)
"""What differs between two endpoints."""


class Endpoints(NamedTuple):
    """One in each school; the names stand in words for what is each one's own."""

    two: Two
    here: dict[str, str]
    there: dict[str, str]

    def both(self, verb: str, *words: str, code: int = 0) -> Done:
        """Both ways, held against each other; answers what was printed by the API."""
        here = self.two.locally("webhooks", verb, "SCHOOL", *_named(words, self.here))
        there = self.two.remotely("webhooks", verb, "SCHOOL", *_named(words, self.there))
        told = self.two.shown(_apart(there), self.two.there)
        assert told == self.two.shown(_apart(here), self.two.here)
        assert there.returncode == code, there
        return there

    def alike(self, verb: str, *words: str, code: int = 0) -> Done:
        """A read of the second school's own both ways: the same to the letter."""
        named = _named(words, self.there)
        return self.two.alike("webhooks", verb, "SCHOOL", *named, code=code)


def added(two: Two, *words: str) -> tuple[Endpoints, Done]:
    """A new endpoint in each school, and what the API's way printed."""
    here, there = (ask("webhooks", "add", "SCHOOL", *words) for ask in (two.locally, two.remotely))
    assert (here.returncode, _apart(here)) == (0, _apart(there))
    ids = [{"ENDPOINT": it.stdout.split()[1]} for it in (here, there)]
    return Endpoints(two, *ids), there


def _named(words: tuple[str, ...], own: dict[str, str]) -> list[str]:
    return [own.get(it, it) for it in words]


def _apart(done: Done) -> Done:
    code, *texts = done
    for pattern, instead in APART:
        texts = [re.sub(pattern, instead, it) for it in texts]
    return type(done)(code, *texts)


def test_b11_an_endpoint_is_made_shown_held_and_removed_both_ways(two: Two) -> None:
    wanted = ("--trigger", "course_completed", "--course", "biology", "--completions", "manual")
    more = ("--ordered", "--concurrency", "2", "--rate", "1.5", "--description", "Ours.")
    them, made = added(two, URL, *wanted, *more)
    secret = made.stdout.split()[3]
    assert len(read_secret(secret)) == 32
    printed = [
        *(them.alike("list"), them.alike("list", "--json")),
        *(them.alike("show", "ENDPOINT"), them.alike("show", "ENDPOINT", "--json")),
        *(them.both("disable", "ENDPOINT"), them.alike("show", "ENDPOINT")),
        them.both("test", "ENDPOINT", code=1),
        them.both("resend", "ENDPOINT", "--failed", code=1),
        them.both("enable", "ENDPOINT"),
        *(them.alike("deliveries", "ENDPOINT"), them.alike("attempts", "ENDPOINT", "none")),
        them.both("resend", "ENDPOINT", "--since", "2020-01-01", "--delivered", code=1),
    ]
    assert not [it for it in printed if secret in it.stdout + it.stderr]
    [shown] = json_lines(printed[1].stdout)
    assert (shown["school"], shown["triggers"]) == (two.there.id, ["course_completed"])
    rotated = them.both("rotate", "ENDPOINT")
    assert rotated.stdout.split()[3] != secret
    own = them.both("rotate", "ENDPOINT", "--secret", OWN, "--overlap-hours", "0")
    assert own.stdout.split()[3] == OWN
    them.both("remove", "ENDPOINT", "--yes")
    them.alike("show", "ENDPOINT", code=2)
    them.alike("list")


# A running dispatcher sends, and the API waits for the first attempt.
async def test_b11_what_became_of_messages_is_told_both_ways(two: Two) -> None:
    async with receiver(says(status(500, body=b"broken\n"))) as there:
        await asyncio.to_thread(_sent, two, there.url)


def _sent(two: Two, url: str) -> None:
    for school in (two.here, two.there):
        words = ("webhooks", "settings", school.id, "--allow-private-networks")
        assert two.stack.run(*words).returncode == 0
    them, _ = added(two, url)
    tried = them.both("test", "ENDPOINT", code=1)
    assert "broken\\n" in tried.stdout
    them.both("disable", "ENDPOINT")  # or the dispatcher tries it again meanwhile
    for ask, own in ((two.locally, them.here), (two.remotely, them.there)):
        words = ("webhooks", "deliveries", "SCHOOL", own["ENDPOINT"], "--json")
        [delivery] = json_lines(ask(*words).stdout)
        own["MESSAGE"] = delivery["message"]
        assert (delivery["state"], delivery["next_at"]) == ("parked", None)
    them.alike("deliveries", "ENDPOINT", "--json")
    them.alike("deliveries", "ENDPOINT", "--state", "parked")
    them.alike("deliveries", "ENDPOINT", "--state", "pending")
    them.alike("attempts", "ENDPOINT", "MESSAGE")
    them.alike("attempts", "ENDPOINT", "MESSAGE", "--json")
    them.alike("show", "ENDPOINT")
    them.both("enable", "ENDPOINT", "--leave-parked")
    them.both("resend", "ENDPOINT", "MESSAGE")


# Nothing wrong is made, whichever way it is asked for; no secret is repeated.
def test_b11_what_is_wrong_is_told_alike(two: Two) -> None:
    them = Endpoints(two, {}, {})
    for words in (
        ("http://example.org/",),
        ("https://10.0.0.1/",),
        ("https://example.org/" + 3_000 * "x",),
        (URL, "--trigger", "everything"),
        (URL, "--completions", "some"),
        (URL, "--course", "a b"),
        (URL, "--rate", "20000"),
        (URL, "--description", ""),
        (URL, "--secret", "whsec_short"),
    ):
        refused = them.both("add", *words, code=2)
        assert "whsec_short" not in refused.stderr
    for words in (
        ("show", "none"),
        ("show", "no id"),
        ("enable", "none"),
        ("disable", "none"),
        ("remove", "none", "--yes"),
        ("rotate", "none"),
        ("test", "none"),
        ("deliveries", "none"),
        ("deliveries", "none", "--state", "lost"),
        ("attempts", "none", "m"),
        ("resend", "none", "m"),
        ("resend", "none", ""),
        ("resend", "none", "m", "--failed"),
        ("resend", "none"),
    ):
        them.alike(*words, code=2)
    assert them.both("list", "--json").stdout == ""


# A1, A3: the token's own school, by its scope; and the machine's settings are its operator's.
def test_a1_a_token_of_another_scope_or_school_changes_nothing(two: Two) -> None:
    words = ("tokens", "create", two.there.id, "reader", "--scope", "read", "--actor", "ada")
    [reader] = json_lines(two.stack.run(*words, "--json").stdout)
    refused = two.remotely("webhooks", "add", "SCHOOL", URL, COURSEMARK_TOKEN=reader["secret"])
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "manage" in refused.stderr
    foreign = two.remotely("webhooks", "list", two.here.id)
    assert (foreign.returncode, "[foreign_school]" in foreign.stderr) == (2, True)
    settings = two.remotely("webhooks", "settings", "SCHOOL")
    assert (settings.returncode, "[not_over_http]" in settings.stderr) == (2, True)
    assert two.remotely("webhooks", "list", "SCHOOL", "--json").stdout == ""


# The secret that was sent may be in force, and nobody else can tell it (B1, B11).
def test_b11_what_was_done_without_an_answer_is_told(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*words: str) -> Done:
        return two.remotely("webhooks", words[0], "SCHOOL", *words[1:])

    with monkeypatch.context() as patch:
        losing(patch, lambda request: request.method == "POST")
        added = asked("add", URL)
        assert (added.returncode, "webhooks list" in added.stderr) == (69, True)
        assert len(read_secret(added.stdout.split()[1])) == 32
        [made] = json_lines(asked("list", "--json").stdout)
        rotated = asked("rotate", made["endpoint"], "--secret", OWN)
        shown = f"endpoint {made['endpoint']}\nsecret   {OWN}\n"
        assert (rotated.returncode, rotated.stdout) == (69, shown)
        assert not [it for it in (added, rotated) if "whsec_" in it.stderr]
    lost: list[str] = []

    def first_removal(request: httpx.Request) -> bool:
        lost.append(request.method)
        return lost.count("DELETE") == 1 and request.method == "DELETE"

    with monkeypatch.context() as patch:
        losing(patch, first_removal)
        removed = asked("remove", made["endpoint"], "--yes")
    assert (removed.returncode, lost.count("DELETE")) == (0, 2)
    assert asked("list", "--json").stdout == ""
    unasked = asked("remove", made["endpoint"])
    assert (unasked.returncode, "--yes" in unasked.stderr) == (2, True)
