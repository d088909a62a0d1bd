"""Who may ask what: a line for each operation of the API.

A route without a line here fails ``tests/access/test_access.py``. To add one: the operationId, the
scopes of a token that may ask (those of ``may(...)``), the levels that may (``READERS``,
``ADMINS``, ``ANYBODY``), and what an allowed caller is answered where it is not 200. The ids in its
path come from ``IDS``: they are there in the school that asks (``tests/access/world.py`` puts
them there) and must not be in the other one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from services.api.commands.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.fields import RoleLevel
    from services.store.tokens import Scope

LEVELS: tuple[RoleLevel, ...] = ("admin", "instructor", "reporter", "seat_manager", "user")
ADMINS: frozenset[RoleLevel] = frozenset({"admin"})
READERS: frozenset[RoleLevel] = frozenset({"admin", "instructor", "reporter"})
ANYBODY: frozenset[RoleLevel] = frozenset(LEVELS)

IDS: Mapping[str, str] = {
    "attempt": "1",
    "command_id": "enroll-1",
    "endpoint": "made anew",
    "course": "biology-1",
    "import_id": "import-1",
    "job": "enroll-1",
    "learner": "u-1204",
    "name": "reporters",
    "operation": "op-2026-11-25",
    "program": "p-green",
    "schedule": "renew-biology",
    "user": "u-1204",
}
FILE = b"learner,course,completed_at,score\nu-1204,moss,2024-04-30,80\n"
OURS = {"course": "moss"}
"""A course that the other school does not have: where the path names nothing else."""
LEAVING = {"user": "u-2"}
"""Whom nothing else is about: they are erased."""
SCHEDULE: Mapping[str, Any] = {
    "task": {"what": "enroll", "whom": {"by": "tags", "tags": ["nurse"]}, "courses": ["moss"]},
    "timezone": "UTC",
    "starts_at": "2199-01-01T02:00:00",
}
SEARCH = {"role_level": "reporter"}
ENDPOINT: Mapping[str, Any] = {"url": "https://hooks.school.example/coursemark"}
LEARNWORLDS = {"productId": "biology-1", "productType": "course"}
"""By the name of a parameter in a path; ``world`` tells that of the endpoint."""


class Line(NamedTuple):
    """What an operation answers to whom.

    ``may``: the levels that are answered one of ``gives``; others get ``denies``. ``nobody``: what
    a token that asks in nobody's name gets, where it can have the scope. ``abroad``: what an
    allowed user of another school gets; none: 404 where the path has ids, or else ``gives``.
    ``query`` stands behind the path; ``body`` is sent as JSON; ``wait``: so many seconds are waited
    for what a change comes to.
    """

    scopes: Collection[Scope]
    may: Collection[RoleLevel]
    gives: Collection[int] = (200,)
    denies: Collection[int] = (403,)
    nobody: Collection[int] = (403,)
    abroad: Collection[int] | None = None
    query: str = ""
    ids: Mapping[str, str] = {}
    body: Mapping[str, Any] | None = None
    data: bytes | None = None
    wait: int = 30


def read(may: Collection[RoleLevel] = READERS, **more: Any) -> Line:
    """A read of the school, or of one of its learners."""
    return Line(("read",), may, **more)


def manage(may: Collection[RoleLevel] = ADMINS, **more: Any) -> Line:
    """What changes how the school is set up, or shows it."""
    return Line(("manage",), may, **more)


def _command(name: str, **more: Any) -> Line:
    """A command of administrators; ``gives``: it was carried out, or refused as things stand."""
    told = {"gives": (200, 404, 409), "abroad": (200, 404, 409), "body": EXAMPLES[name][0]}
    return Line(("commands",), ADMINS, **told | more)


def _compatible(gives: Collection[int], **more: Any) -> Line:
    """A command of LearnWorlds' API."""
    return Line(("commands",), ADMINS, gives, **more)


LINES: Mapping[str, Line] = {
    "me": Line(("commands", "manage", "read", "signals", "zapier"), ANYBODY, nobody=(200,)),
    # commands
    "enroll_learner": _command("enroll-learner"),
    "unenroll_learner": _command("unenroll-learner"),
    "record_activity": Line(
        ("signals",),
        ANYBODY,
        gives=(200, 409),
        nobody=(200, 409),
        abroad=(404, 409),
        body=EXAMPLES["record-activity"][0],
    ),
    "mark_complete": _command("mark-complete"),
    "import_completion": _command("import-completion"),
    "reset_progress": _command("reset-progress"),
    "undo_command": _command("undo-command"),
    "bulk_enroll": _command("bulk-enroll"),
    "bulk_mark_complete": _command("bulk-mark-complete"),
    "bulk_reset_progress": _command("bulk-reset-progress"),
    "bulk_import": _command("bulk-import"),
    "undo_operation": _command("undo-operation"),
    "control_operation": _command("control-operation"),
    "get_result": Line(("commands", "read", "signals"), READERS, denies=(404,), nobody=(404,)),
    # learners
    "get_learner": read(),
    "programs_of_learner": read(),
    "courses_of_learner": read(),
    "course_of_learner": read(),
    "attempts_of_learner": read(),
    "attempt_of_learner": read(),
    "events_of_learner": read(),
    "progress": read(),
    "activities": read(),
    "learners": read(),
    "events": read(),
    "due": read(),
    "find_users": read(body={"names": ["u-1204"]}),
    # operations
    "operations": read(),
    "get_operation": read(),
    "rows_of_operation": read(),
    "events_of_operation": read(),
    "errors_of_operation": read(),
    "sent_of_operation": read(),
    "sent_of_command": read(query="?command=enroll-1", gives=(200,), abroad=(200, 404)),
    # catalogue, reports, insights
    "courses": read(),
    "get_course": read(ids=OURS),
    "programs": read(),
    "get_program": read(),
    "learners_of_program": read(),
    "time_report": read(),
    "time_by_learner": read(),
    "count_report": read(),
    "funnel": read(query="?course=biology-1"),
    "activity_funnel": read(query="?course=biology-1"),
    "scores": read(),
    "days": read(),
    "standing": read(),
    # files to import
    "upload_import": manage(gives=(202,), data=FILE),
    "run_import": manage(gives=(202, 404, 409), body={"send_completion_email": False}),
    "remove_import": manage(gives=(204, 404, 409)),
    "imports": manage(),
    "get_import": manage(),
    "problems_of_import": manage(),
    "errors_of_import": manage(),
    "import_template": manage(may=ANYBODY),
    "import_example": manage(may=ANYBODY),
    # a person's data
    "export_person": manage(ids=LEAVING),
    "holdings_of_person": manage(ids=LEAVING, gives=(200, 404)),
    "erase_person": manage(ids=LEAVING, body={"reason": "request 17"}),
    "erasure_of_person": manage(ids=LEAVING, gives=(200, 404)),
    "erasures": manage(),
    # webhooks
    "webhooks": manage(),
    "create_webhook": manage(gives=(201, 409), body=ENDPOINT),
    "get_webhook": manage(),
    "change_webhook": manage(body=ENDPOINT),
    "remove_webhook": manage(gives=(204,)),
    "disable_webhook": manage(),
    "enable_webhook": manage(),
    "rotate_webhook_secret": manage(body={}),
    "deliveries_of_webhook": manage(),
    "attempts_of_webhook": manage(query="?message=none", gives=(200, 404)),
    "try_webhook": manage(gives=(202, 409), wait=0),
    "resend_to_webhook": manage(gives=(200, 409), body={"failed": True}),
    # schedules and policy
    "schedules": manage(),
    "get_schedule": manage(),
    "put_schedule": manage(body=SCHEDULE),
    "remove_schedule": manage(gives=(204,)),
    "enable_schedule": manage(gives=(200, 409)),
    "disable_schedule": manage(gives=(200, 409)),
    "slots_of_schedule": manage(),
    "preview_schedule": manage(gives=(202,)),
    "policy": manage(),
    "set_policy": manage(body={}),
    "audit": manage(),
    # saved searches
    "searches": read(),
    "get_search": read(),
    "put_search": manage(body=SEARCH, abroad=(200,)),
    "delete_search": manage(abroad=(200, 404)),
    # as LearnWorlds' API
    "compatible_complete": _compatible(
        (200, 409, 422), body={"send_course_complete_email": False, "units": []}
    ),
    "compatible_reset": _compatible((200, 409, 422), body={"units": []}),
    "compatible_job": Line(("commands", "read"), READERS, denies=(404,)),
    "compatible_enroll": _compatible((200, 409, 422), body=LEARNWORLDS),
    "compatible_unenroll": _compatible((204, 409, 422), body=LEARNWORLDS),
    "compatible_progress_of_course": read(),
    "compatible_progress": read(),
    "compatible_contents": read(ids=OURS),
}
"""By operationId."""
