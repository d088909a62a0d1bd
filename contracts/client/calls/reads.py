"""Reads of a school: each the address of the document, with its parameters by their names there."""

from collections.abc import Sequence

from ...api.me import Me
from ...api.operations import (
    OperationRow,
    OperationRows,
    Operations,
    OperationShown,
    RowOutcome,
    Sent,
)
from ...api.users import FindUsers, FoundUsers
from ...operations import FINAL, OperationReported, State
from .call import Call, Events, Page, as_, asks, get, pages, text


def find_users(names: Sequence[str]) -> Call[FoundUsers]:
    """Users by ids or e-mail addresses, up to 1,000 names at once."""
    body = FindUsers(names=tuple(names)).to_json()
    return asks("POST", "/v1/find-users", as_(FoundUsers), body=body)


def me() -> Call[Me]:
    """Whose token it is: school, user, and the level of the user's role."""
    return get("/v1/me", Me)


def operations(
    *, state: Sequence[State] = (), previews: bool | None = None, limit: int | None = None
) -> Call[Page[OperationReported]]:
    """The school's operations, the newest first; ``state``: in any of these."""
    return pages(
        *("/v1/operations", Operations, lambda it: it.operations),
        query={"state": state, "previews": previews, "limit": limit},
    )


def get_operation(operation: str) -> Call[OperationShown]:
    """How an operation stands; of a preview also how much would be sent."""
    return get("/v1/operations/{operation}", OperationShown, operation)


def events_of_operation(operation: str) -> Events[OperationReported]:
    """Each report of an operation from now on, the present one first, until it has ended."""
    call = get("/v1/operations/{operation}/events", OperationReported, operation)
    return Events(call, lambda report: report.state in FINAL)


def errors_of_operation(operation: str) -> Call[str]:
    """The rows that were refused or skipped, as a file of CSV; of a preview every row."""
    return asks("GET", "/v1/operations/{operation}/errors", text, [operation])


def sent_of_operation(operation: str) -> Call[Sent]:
    """What was sent because of an operation, and stays sent when it is taken back."""
    return get("/v1/operations/{operation}/sent", Sent, operation)


def sent_of_command(command: str) -> Call[Sent]:
    """What was sent because of a command; nothing of one that the school does not have."""
    return get("/v1/sent", Sent, query={"command": command})


def rows_of_operation(
    operation: str, *, outcome: Sequence[RowOutcome] = (), limit: int | None = None
) -> Call[Page[OperationRow]]:
    """The rows that were skipped, refused or previewed, in order."""
    return pages(
        *("/v1/operations/{operation}/rows", OperationRows, lambda it: it.rows, operation),
        query={"outcome": outcome, "limit": limit},
    )
