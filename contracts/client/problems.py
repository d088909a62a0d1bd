"""What a call may end with instead of an answer. None of it holds a token."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from ..problems import sentence
from ..results import CommandRejected


class ClientError(Exception):
    """The text says what happened and what to do; ``code`` is stable."""

    code = "client_error"


class UnreachableError(ClientError):
    """``unreachable``: no answer came, however often it was asked."""

    code = "unreachable"

    def __init__(self, server: str, fault: str) -> None:
        super().__init__(f"{server} does not answer ({fault}); check the address, then ask again.")


class UnreadableError(ClientError):
    """``unreadable``: an answer that is not the API's, or not of this version."""

    code = "unreadable"

    def __init__(self, status: int, error: ValidationError | None = None) -> None:
        why = "" if error is None else f": {sentence(error)}"
        super().__init__(
            f"An answer ({status}) cannot be read{why}. Check that the address is that of a "
            "Coursemark API, and that this client is not older than it."
        )
        self.status = status


class WrongTokenError(ClientError):
    """``wrong_token``: what gives the token gave none that may be sent."""

    code = "wrong_token"


class NoResultError(ClientError):
    """``no_result``: the command is on its way and has no result yet; it may still get one.

    The same command with the same key, or ``get_result(command_id)``, tells it later.
    """

    code = "no_result"

    def __init__(self, command_id: str, seconds: int) -> None:
        super().__init__(
            f"No result of {command_id} came within {seconds} s; ask for it again by this id."
        )
        self.command_id = command_id


class ProblemError(ClientError):
    """A problem document (RFC 9457); ``problems``: of a body, what is wrong where."""

    def __init__(self, status: int, code: str, detail: str, problems: Sequence[Any] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.problems = problems


class RejectedError(ProblemError):
    """A command was refused as things stand; ``result`` says it in full."""

    def __init__(self, status: int, result: CommandRejected) -> None:
        super().__init__(status, result.code, result.message)
        self.result = result
