"""One call from the first request to its answer, without IO: what to do next, step by step.

A generator yields a ``Request`` to be sent or a ``Pause`` to be slept, is sent what was heard, and
returns what the answer says. Both clients drive it; neither decides anything.
"""

import json
import re
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar
from urllib.parse import SplitResult, urlencode, urlsplit

from pydantic import ValidationError

from ..results import CommandRejected
from .bodies import Body
from .calls.call import Answer, Call
from .position import later
from .problems import (
    ProblemError,
    RejectedError,
    UnreachableError,
    UnreadableError,
    WrongTokenError,
)
from .retrying import Retries, retry_after, worth_again

T = TypeVar("T")
Token = str | Callable[[], str]
"""The secret, or where to get one for each request, such as a token of OIDC that is renewed."""

POSITION = "coursemark-position"
_FIRST_ERROR = 400
_TOKEN = re.compile(r"[\x21-\x7e]+")
_NO_TOKEN = "the token is empty or has characters that no token has; copy it anew"  # noqa: S105
NO_ADDRESS = "the server's address is http:// or https://, a host, perhaps a port"
_PROBLEM = ("status", "code", "detail")


class Request(NamedTuple):
    """To be sent; ``seconds``: how long each step of it may take, but to read: ``reading``."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Body | None
    seconds: float
    reading: float

    def __repr__(self) -> str:
        """Without headers, which hold the token."""
        return f"Request({self.method} {self.url})"


class Pause(NamedTuple):
    """Seconds to sleep."""

    seconds: float


class Fault(NamedTuple):
    """No answer came; ``why`` is for a person."""

    why: str


Step = Request | Pause
Heard = Answer | Fault | None
Steps = Generator[Step, Heard, T]


class Asking:
    """What both clients know: the server, the token, how patient they are, the last position.

    ``fresh``: reads wait until they have what this client wrote before.

    Raises:
        ValueError: the address is none, or the token is none; the text repeats neither.
    """

    def __init__(
        self,
        server: str,
        token: Token,
        timeout: float,
        retries: Retries,
        chance: Callable[[], float],
        *,
        fresh: bool,
    ) -> None:
        address = _address(server)
        if isinstance(token, str) and not _TOKEN.fullmatch(token):
            raise ValueError(_NO_TOKEN)
        self.server = f"{address.scheme}://{address.netloc}{address.path.rstrip('/')}"
        self.position: str | None = None
        self._token = token
        self._timeout = timeout
        self._retries = retries
        self._chance = chance
        self._fresh = fresh

    def steps(self, call: Call[T]) -> Steps[T]:
        """Ask until there is an answer, or no hope of one.

        Raises:
            ClientError: what it ends with instead.
        """
        sent, paused = 0, 0.0
        while True:
            heard = yield self.request(call)
            sent += 1
            pause = self.pause(call, heard, sent, paused)
            if pause is None:
                return call.read(self.heard(heard))
            paused += pause
            yield Pause(pause)

    def request(self, call: Call[Any], more: Mapping[str, str] | None = None) -> Request:
        """The request of a call, with headers beside its own.

        Raises:
            WrongTokenError: what gives the token gave none.
        """
        headers = {
            "authorization": f"Bearer {self._secret()}",
            "accept": "application/json, */*;q=0.5",
        }
        if self._fresh and call.method == "GET" and self.position is not None:
            headers[POSITION] = self.position
        if call.body is not None:
            headers["content-type"] = "application/json"
        headers |= dict(call.headers) | dict(more or {})
        query = f"?{urlencode(call.query)}" if call.query else ""
        url = f"{self.server}{call.path}{query}"
        seconds = self._timeout
        return Request(call.method, url, headers, call.body, seconds, seconds + call.wait)

    def pause(self, call: Call[Any], heard: Heard, sent: int, paused: float) -> float | None:
        """Seconds until it is worth asking again; none: it is not."""
        asked_for = None
        if isinstance(heard, Answer):
            if heard.status < _FIRST_ERROR:
                return None
            if not worth_again(heard.status, _said(heard).get("code"), again=call.again):
                return None
            asked_for = retry_after(heard.headers)
        elif not call.again:
            return None
        return self._retries.pause(sent, paused, asked_for, self._chance())

    def heard(self, heard: Heard) -> Answer:
        """An answer that is no error; its position is kept.

        Raises:
            ClientError: it is one, or there is none.
        """
        if not isinstance(heard, Answer):
            raise UnreachableError(self.server, "no answer" if heard is None else heard.why)
        if POSITION in heard.headers:
            self.position = later(self.position, heard.headers[POSITION])
        if heard.status < _FIRST_ERROR:
            return heard
        raise _problem(heard)

    def _secret(self) -> str:
        secret = self._token if isinstance(self._token, str) else self._token()
        if not _TOKEN.fullmatch(secret):
            raise WrongTokenError(f"{_NO_TOKEN.capitalize()}.")
        return secret


def _problem(answer: Answer) -> Exception:
    said = _said(answer)
    if not all(name in said for name in _PROBLEM):
        return UnreadableError(answer.status)
    if isinstance(said.get("result"), dict):
        try:
            result = CommandRejected.model_validate_json(json.dumps(said["result"]))
        except ValidationError as error:
            return UnreadableError(answer.status, error)
        return RejectedError(answer.status, result)
    problems = said.get("problems")
    listed = problems if isinstance(problems, list) else ()
    return ProblemError(answer.status, str(said["code"]), str(said["detail"]), listed)


def _said(answer: Answer) -> dict[str, Any]:
    """The members of a problem document; nothing of any other body."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _address(server: str) -> SplitResult:
    """An address that a token may be sent to.

    Raises:
        ValueError: it is none; the text does not repeat it, as it may hold a password.
    """
    try:
        address = urlsplit(server)
        port = address.port
    except ValueError:
        raise ValueError(NO_ADDRESS) from None
    if address.scheme not in {"http", "https"} or not address.hostname or port == 0:
        raise ValueError(NO_ADDRESS)
    if address.username is not None or address.query or address.fragment:
        raise ValueError("the server's address has no user and no query; give the token apart")
    return address


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by their names in lower case, several of one name in one."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
