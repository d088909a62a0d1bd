"""The kinds of read, by what they are about, and a command whose result is waited for."""

from collections.abc import Sequence
from urllib.parse import quote
from uuid import uuid4

import orjson

from benchmarks.api.line import Request, get, post
from benchmarks.api.timing import Asks
from benchmarks.api.world import World

READS: Sequence[str] = (
    "/v1/me",
    "/v1/learners?limit=50",
    "/v1/learners?status=completed&limit=50",
    "/v1/learners?course={course}&progress_from=50&limit=50",
    "/v1/learners/{learner}",
    "/v1/learners/{learner}/courses",
    "/v1/learners/{learner}/courses/{course}",
    "/v1/learners/{learner}/courses/{course}/attempts",
    "/v1/learners/{learner}/events",
    "/v1/learners/{learner}/programs",
    "/v1/events?limit=50",
    "/v1/due?limit=50",
    "/v1/courses",
    "/v1/courses/{course}",
    "/v1/programs",
    "/v1/reports/time",
    "/v1/reports/learners",
    "/v1/reports/counts?kind=enrolled",
    "/v1/insights/funnel?course={course}",
    "/v1/insights/activities?course={course}",
    "/v1/insights/scores?course={course}",
    "/v1/insights/days?course={course}",
    "/v1/insights/standing",
    "/v1/operations",
    "/v1/results/{command}",
    "/admin/api/v2/users/{learner}/courses/{course}/progress",
    "/admin/api/v2/users/{learner}/progress",
    "/admin/api/v2/courses/{course}/contents",
)
"""Addresses; what stands in braces is another record's each time."""
COMMAND = "POST /v1/commands/record-activity, Prefer: wait"
WAIT = 10
_COMMAND = "/v1/commands/record-activity"


def reading(world: World, address: str) -> Asks:
    """Of one record after the other."""
    ready: dict[str, Request] = {}

    def ask(number: int) -> Request:
        record = world.records[number % len(world.records)]
        path = address.format(
            learner=quote(record.learner, safe=""),
            course=quote(record.course, safe=""),
            command=quote(world.commands[number % len(world.commands)], safe=""),
        )
        if path not in ready:
            ready[path] = get(path, world.token)
        return ready[path]

    return ask


def commanding(world: World) -> Asks:
    """A second of time spent more, by one learner after the other."""

    def ask(number: int) -> Request:
        record = world.records[number % len(world.records)]
        body = record._asdict() | {"signal": {"kind": "time_spent", "seconds": 1}}
        return post(_COMMAND, world.token, str(uuid4()), WAIT, orjson.dumps(body))

    return ask


def nothing(_: int) -> Request:
    """Of the empty endpoint."""
    return _EMPTY


_EMPTY = get("/empty", "none")
