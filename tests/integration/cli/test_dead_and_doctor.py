"""Dead letters listed, shown and sent again; a doctor that says what to do."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command_line import coursemark, json_lines
from tests.support.kafka import producer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import Stack

BINARY = bytes(range(256))
TOPIC = "coursemark.commands.v1"


@pytest.fixture(scope="module")
def garbage(stack: Stack) -> list[dict[str, Any]]:
    """Two letters that we made: one of text, one of other bytes."""
    asyncio.run(_send_garbage(stack))
    found: list[dict[str, Any]] = []
    for _ in range(100):
        found = [it for it in listed(stack) if str(it["key"]).startswith("dead/")]
        if len(found) >= 2:
            break
    return sorted(found, key=lambda it: str(it["key"]), reverse=True)


async def _send_garbage(stack: Stack) -> None:
    async with producer(stack.addresses.kafka) as sender:
        await sender.send_and_wait(TOPIC, "plain text é".encode(), key=b"dead/text")
        headers = [("trace", b"abc"), ("odd", b"\xff\x00")]
        await sender.send_and_wait(TOPIC, BINARY, key=b"dead/bytes", headers=headers)


def listed(stack: Stack) -> list[dict[str, Any]]:
    return json_lines(stack.run("dead", "list", "--json", "--limit", "1000").stdout)


def test_letters_are_listed_with_error_and_origin(
    stack: Stack, garbage: list[dict[str, Any]]
) -> None:
    text, binary = garbage[:2]
    assert (text["code"], binary["code"]) == ("not_json", "not_utf8")
    assert text["origin"].startswith(f"{TOPIC}/")
    assert binary["bytes"] == 256
    table = stack.run("dead", "list").stdout
    assert text["letter"] in table
    assert "The body is not UTF-8" in table


def test_a_letter_is_shown_as_text_or_in_hexadecimal(
    stack: Stack, garbage: list[dict[str, Any]]
) -> None:
    text, binary = (it["letter"] for it in garbage[:2])
    assert "plain text é" in stack.run("dead", "show", text).stdout
    shown = stack.run("dead", "show", binary, "--whole").stdout
    assert "00000040  40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO" in shown
    assert "0xff00" in shown
    cut = stack.run("dead", "show", binary, LINES="20").stdout
    assert "more lines; --whole shows them" in cut
    whole = json.loads(stack.run("dead", "show", binary, "--json").stdout)
    assert whole["headers"] == [
        {"name": "trace", "value": "abc"},
        {"name": "odd", "value": {"base64": "/wA="}},
    ]
    assert stack.run("dead", "show", text, "--raw").stdout == "plain text é"


def test_a_letter_is_sent_again_as_it_came(stack: Stack, garbage: list[dict[str, Any]]) -> None:
    """It dies again, for it is as wrong as before: with the same bytes, key and headers."""
    binary = garbage[1]
    before = {it["letter"] for it in listed(stack)}
    assert stack.run("dead", "retry", binary["letter"]).returncode == 0
    fresh: list[dict[str, Any]] = []
    for _ in range(100):
        fresh = [it for it in listed(stack) if it["letter"] not in before]
        if fresh:
            break
    [again] = fresh
    shown = [
        json.loads(stack.run("dead", "show", it["letter"], "--json").stdout)
        for it in (binary, again)
    ]
    for one in shown:
        for field in ("letter", "at", "origin"):
            del one[field]
    assert shown[0] == shown[1]


def test_what_is_no_letter_is_said(stack: Stack) -> None:
    missing = stack.run("dead", "show", "catalog@999")
    assert (missing.returncode, "[no_dead_letter]" in missing.stderr) == (1, True)
    assert stack.run("dead", "show", "elsewhere@1").returncode == 2


def test_the_doctor_finds_all_well_but_the_letters(
    stack: Stack, garbage: list[dict[str, Any]]
) -> None:
    assert garbage
    looked = stack.run("doctor", "--json")
    assert looked.returncode == 0
    found = {it["what"]: it for it in json.loads(looked.stdout)}
    assert {it["status"] for what, it in found.items() if what != "dead letters"} == {"ok"}, found
    assert found["dead letters"]["status"] == "warn"
    assert found.keys() >= {
        *("Python", "PostgreSQL", "durability", "schema", "writers", "Kafka", "topics"),
        *("command-worker", "reference-data", "view progress", "feed publish-events"),
        "schedules",
    }


def test_the_doctor_says_what_is_not_there(tmp_path: Path) -> None:
    looked = coursemark("doctor", "--data", str(tmp_path))
    assert looked.returncode == 1
    assert looked.stdout.count("FAIL") == 2
    assert "start it with `coursemark up`" in looked.stdout


def test_the_doctor_finds_topics_and_schema_missing(
    empty_database_url: str, embedded_kafka: str, topic_prefix: str
) -> None:
    """Servers that nobody has run Coursemark on yet."""
    looked = coursemark(
        *("doctor", "--json", "--kafka", embedded_kafka, "--database", empty_database_url),
        COURSEMARK_TOPIC_PREFIX=topic_prefix,
    )
    assert looked.returncode == 1
    found = {it["what"]: it for it in json.loads(looked.stdout)}
    assert found["schema"]["status"] == found["topics"]["status"] == "fail"
    assert "Start any part" in found["schema"]["todo"]
