"""``python -m tests.compatible``: the LearnWorlds-compatible face, asked by plain HTTP.

Coursemark runs with all it has embedded and a made-up school. Each request is written into a socket
as it is printed, but for the token, and each answer is printed as it came. Exit code 1 where an
answer is not what the line above it says.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from tests.support.command_line import coursemark, up
from tests.support.servers import server_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHOOL = Path(__file__).parents[2] / "docs" / "how-to" / "riverside.jsonl"
PROGRAM = {
    "type": "learning_program",
    "data": {
        "school": "riverside",
        "program": "green",
        "version": 1,
        "title": "Green thumbs",
        "courses": [{"course": "biology-1"}, {"course": "first-aid"}],
    },
}
BASE = "/admin/api/v2"
AIKO = f"{BASE}/users/aiko%40riverside.example"
NOBODY = f"{BASE}/users/nobody%40riverside.example"
BIOLOGY = "/courses/biology-1"
MARK: dict[str, Any] = {"send_course_complete_email": False, "units": []}
COURSE: dict[str, Any] = {"productId": "biology-1", "productType": "course"}
PAID = {"justification": "Added by admin", "price": 100.23, "send_enrollment_email": False}
BURST = 60
JOB = f"{BASE}/jobs/{{job_id}}"
TRIES = 30
"""Reads of a job until it has come to its end."""
MANY = 429


class Call(NamedTuple):
    """A request; ``{job_id}`` in its path stands for that of the last job."""

    says: str
    status: int
    method: str
    path: str
    body: Any = None
    client: str = "riverside"
    token: bool = True


class Answer(NamedTuple):
    """As it came."""

    text: str
    status: int
    body: Any


CALLS = (
    Call("What a course consists of", 200, "GET", f"{BASE}{BIOLOGY}/contents"),
    Call("Enrol, by e-mail address", 200, "POST", f"{AIKO}/enrollment", COURSE | PAID),
    Call(
        "Mark two activities complete",
        200,
        "POST",
        f"{AIKO}{BIOLOGY}/complete",
        MARK | {"units": ["welcome", "quiz"]},
    ),
    Call("What became of it", 200, "GET", JOB),
    Call("Where she stands", 200, "GET", f"{AIKO}{BIOLOGY}/progress"),
    Call("Mark the whole course", 200, "POST", f"{BASE}/users/u-1206{BIOLOGY}/complete", MARK),
    Call("What became of it", 200, "GET", JOB),
    Call("Reset an activity", 200, "POST", f"{AIKO}{BIOLOGY}/reset", {"units": ["quiz"]}),
    Call("What became of it", 200, "GET", JOB),
    Call("All her courses, page by page", 200, "GET", f"{AIKO}/progress?page=2&items_per_page=1"),
    Call(
        "Reset what she has not begun",
        200,
        "POST",
        f"{AIKO}/courses/first-aid/reset",
        {"units": ["bandages"]},
    ),
    Call("What became of it: refused", 200, "GET", JOB),
    Call(
        "Enrol in a learning programme",
        200,
        "POST",
        f"{BASE}/users/u-1205/enrollment",
        {"productId": "green", "productType": "bundle"} | PAID,
    ),
    Call("End an enrolment", 204, "DELETE", f"{AIKO}/enrollment", COURSE),
    Call("A user whom the school has not", 404, "POST", f"{NOBODY}{BIOLOGY}/complete", MARK),
    Call("A body that lacks a field", 422, "POST", f"{AIKO}{BIOLOGY}/complete", {"units": []}),
    Call("Lw-Client: another school", 403, "GET", f"{BASE}{BIOLOGY}/contents", client="lakeside"),
    Call("No token", 401, "GET", f"{BASE}{BIOLOGY}/contents", token=False),
)
ONE_TOO_MANY = Call("One request too many", MANY, "GET", f"{BASE}{BIOLOGY}/contents")


class Asking:
    """Writes requests into sockets, with a token that nothing prints."""

    def __init__(self, where: str, token: str) -> None:
        parts = urlsplit(where)
        assert parts.hostname is not None
        self._where = parts.hostname, parts.port or 80
        self._token = token
        self._job = ""

    def ask(self, call: Call) -> tuple[str, Answer]:
        """The request as it is printed, and the answer."""
        printed = "".join(self._lines(call, "..."))
        answer = self._sent("".join(self._lines(call, self._token)))
        if isinstance(answer.body, dict):
            self._job = answer.body.get("job_id", self._job)
        return printed, answer

    def _lines(self, call: Call, token: str) -> Iterator[str]:
        host, port = self._where
        yield f"{call.method} {call.path.format(job_id=self._job)} HTTP/1.1\r\n"
        yield f"Host: {host}:{port}\r\n"
        if call.token:
            yield f"Authorization: Bearer {token}\r\n"
        yield f"Lw-Client: {call.client}\r\n"
        body = "" if call.body is None else json.dumps(call.body)
        if body:
            yield f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        yield f"Connection: close\r\n\r\n{body}"

    def _sent(self, request: str) -> Answer:
        with socket.create_connection(self._where, timeout=60) as connection:
            connection.sendall(request.encode())
            with connection.makefile("rb") as answer:
                text = answer.read().decode()
        head, _, body = text.partition("\r\n\r\n")
        return Answer(text, int(head.split()[1]), json.loads(body) if body else None)


def asked(asking: Asking, call: Call) -> tuple[str, Answer]:
    """As ``ask``; a job is read until it has come to its end, whoever asks too much goes on."""
    printed, answer = asking.ask(call)
    for _ in range(TRIES if call.path == JOB else BURST if call.status == MANY else 0):
        if not unlike(call, answer):
            break
        printed, answer = asking.ask(call)
    return printed, answer


def unlike(call: Call, answer: Answer) -> str:
    """Why the answer is another than the call says; nothing where it is not."""
    if answer.status != call.status:
        return f"not {call.status}"
    if call.path == JOB and answer.body["async"]:
        return f"not at its end after {TRIES} reads"
    return ""


def show(asking: Asking, calls: tuple[Call, ...]) -> int:
    """Print requests and answers; returns how many answers were others."""
    wrong = 0
    for call in calls:
        printed, answer = asked(asking, call)
        other = unlike(call, answer)
        wrong += bool(other)
        told = f"  WRONG: {other}" if other else ""
        text = f"# {call.says}{told}\n{printed.rstrip()}\n\n{answer.text.rstrip()}\n\n"
        sys.stdout.write(text.replace("\r\n", "\n"))
        sys.stdout.flush()
    return wrong


def done(*words: str, stdin: str = "", **more: str) -> str:
    """What a command that succeeds prints."""
    ended = coursemark(*words, stdin=stdin, **more)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def story(data: Path) -> int:
    """The school, its token, and every call."""
    more = {"COURSEMARK_DATA": str(data)}
    done("send", "--file", str(SCHOOL), **more)
    done("send", "--file", "-", stdin=json.dumps(PROGRAM), **more)
    rights = "--actor", "u-7", "--scope", "commands", "--scope", "read"
    token = done("tokens", "create", "riverside", "example", *rights, **more).strip()
    asking = Asking(done("where", "api", **more).strip(), token)
    return show(asking, (*CALLS, ONE_TOO_MANY))


async def main() -> int:
    """All of it; returns how many answers were wrong."""
    bound = {"COURSEMARK_API_PER_SECOND": "0.1", "COURSEMARK_API_BURST": str(BURST)}
    with server_folder() as data:
        async with up(data, **bound):
            return await asyncio.to_thread(story, data)


if __name__ == "__main__":
    began = time.monotonic()
    failed = asyncio.run(main())
    seconds = time.monotonic() - began
    sys.stdout.write(f"{len(CALLS) + 1} calls, {failed} wrong, {seconds:.0f} s with the start\n")
    sys.exit(bool(failed))
