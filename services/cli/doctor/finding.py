"""What one look found."""

from typing import Literal, NamedTuple

from services.cli import errors

Status = Literal["ok", "warn", "fail"]


class Finding(NamedTuple):
    """``warn``: it works, and somebody should look; ``fail``: it does not work."""

    what: str
    status: Status
    detail: str
    todo: str = ""


def ok(what: str, detail: str) -> Finding:
    """All is well."""
    return Finding(what, "ok", detail)


def warn(what: str, detail: str, todo: str) -> Finding:
    """It works, and somebody should look."""
    return Finding(what, "warn", detail, todo)


def fail(what: str, detail: str, todo: str) -> Finding:
    """It does not work."""
    return Finding(what, "fail", detail, todo)


def failed(what: str, error: Exception) -> Finding:
    """What an error says; a sentence of ours tells what to do itself."""
    code, sentence, _ = errors.explain(error)
    return fail(what, sentence, f"[{code}]")
