"""The scripts of the how-to pages work against a running Coursemark, with what they name alone."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from standardwebhooks import Webhook

from tests.integration.cli.conftest import lines
from tests.support.command_line import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.cli.conftest import School, Stack

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "how-to"


@pytest.fixture
def contracts(tmp_path: Path) -> str:
    """A place to import ``coursemark_contracts`` from: the second wheel is this folder."""
    (tmp_path / "coursemark_contracts").symlink_to(ROOT / "contracts")
    return str(tmp_path)


@pytest.fixture
def enrolled(stack: Stack, school: School) -> School:
    assert stack.run("send", "--file", "-", stdin=lines(school.enroll())).returncode == 0
    return school


def run(script: str, path: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, FOLDER / script, *words],
        env=environment(PYTHONPATH=path),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done
    return done.stdout


def test_m4_a_command_is_sent_with_the_contracts(
    stack: Stack, enrolled: School, contracts: str
) -> None:
    kafka = stack.addresses.kafka
    asked = "--school", enrolled.id, "--learner", "u-1", "--course", "biology", "--actor", "ada"
    first = run("send_a_command.py", contracts, "--kafka", kafka, *asked, "--id", "script-1")
    again = run("send_a_command.py", contracts, "--kafka", kafka, *asked, "--id", "script-1")
    assert json.loads(first)["outcome"] == "accepted"
    assert again == first


def rows(file: Path, school: str) -> list[tuple[str, str, int]]:
    wanted = "select learner, status, manually_completed from progress where school = ?"
    with closing(sqlite3.connect(file)) as table:
        return table.execute(wanted, (school,)).fetchall()


def test_m6_a_table_of_progress_is_kept_from_kafka_and_goes_on_where_it_was(
    stack: Stack, enrolled: School, contracts: str, tmp_path: Path
) -> None:
    file = tmp_path / "progress.sqlite"
    told = "--kafka", stack.addresses.kafka, "--table", str(file), "--once"
    for status, manually in (("not_started", 0), ("completed", 1)):
        for _ in range(20):
            run("listen_to_progress.py", contracts, *told)
            if rows(file, enrolled.id) == [("u-1", status, manually)]:
                break
        else:
            pytest.fail(f"never {status}: {rows(file, enrolled.id)}")
        stack.run("send", "--file", "-", stdin=lines(enrolled.mark()))


@contextmanager
def receiving(file: Path, secret: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The receiver, its address, and what it says."""
    with subprocess.Popen(
        [sys.executable, FOLDER / "receive_webhooks.py", "--port", "0", "--inbox", str(file)],
        env=environment(WEBHOOK_SECRET=secret),
        stdout=subprocess.PIPE,
        text=True,
    ) as receiver:
        assert receiver.stdout is not None
        yield receiver.stdout.readline().split()[-1], receiver
        os.kill(receiver.pid, signal.SIGINT)
        assert "stopped" in receiver.stdout.read()


async def test_b1_a_webhook_is_verified_and_kept_once(tmp_path: Path) -> None:
    secret, now = "whsec_c2VjcmV0LW9mLWEtdGVzdA==", datetime.now(UTC)
    body = json.dumps({"id": "msg_1", "trigger": "course_completed", "event_id": "r/u/c@7"})
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", now, body),
    }
    file = tmp_path / "inbox.sqlite"
    with receiving(file, secret) as (where, receiver):
        async with aiohttp.ClientSession() as client:
            forged = headers | {"webhook-id": "msg_2"}
            for told, status in ((headers, 204), (headers, 204), (forged, 401)):
                async with client.post(where, data=body, headers=told) as got:
                    assert got.status == status
        assert receiver.stdout is not None
        assert receiver.stdout.readline().split() == ["course_completed", "r/u/c@7"]
    with closing(sqlite3.connect(file)) as table:
        assert table.execute("select id from inbox").fetchall() == [("msg_1",)]
