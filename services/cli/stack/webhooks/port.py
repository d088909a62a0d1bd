"""What ``coursemark webhooks`` needs of a Coursemark."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from services.cli import errors

if TYPE_CHECKING:
    from contracts.api.webhooks import NewEndpoint, Resend, RotateSecret
    from services.webhooks.deliveries import Attempt, Delivery, State
    from services.webhooks.endpoints import Endpoint, Made

ANSWER_SECONDS = 30
"""By then a test event is answered, or no dispatcher runs."""


class MayBeMadeError(errors.CommandError):
    """A secret may be in force, and no answer says so; the code is that of what came instead.

    ``endpoint``: whose it is, none of a new one. The text does not hold the secret.
    """

    def __init__(self, came: errors.Explained, endpoint: str | None, secret: str) -> None:
        which = "The endpoint may have been made, with" if endpoint is None else "It may have"
        super().__init__(
            f"{came.sentence} {which} the secret that is shown: see `coursemark webhooks list` "
            "before it is asked for again."
        )
        self.code, self.exit_code = came.code, came.exit_code
        self.endpoint = endpoint
        self.secret = secret


class Webhooks(Protocol):
    """The endpoints of a school, and their messages.

    Every method of one endpoint raises ``UnknownEndpointError`` where the school has none of that
    id.
    """

    async def add(self, school: str, asked: "NewEndpoint") -> "Made":
        """A new endpoint with its secret.

        Raises:
            UrlRefusedError: nothing may be sent to the URL; over HTTP a ``ProblemError``.
            TooManyEndpointsError: the school has as many as it may; over HTTP the same.
            MayBeMadeError: it may have been made, and no answer says so.
        """

    async def all(self, school: str) -> Sequence["Endpoint"]:
        """The oldest first."""

    async def one(self, school: str, endpoint: str) -> "tuple[Endpoint, Mapping[str, int]]":
        """An endpoint, and how many messages it has in each state."""

    async def enable(self, school: str, endpoint: str, *, leave_parked: bool) -> int:
        """Let it get messages again; returns how many parked ones are sent now."""

    async def disable(self, school: str, endpoint: str) -> int:
        """Send it nothing more; returns how many messages are parked."""

    async def remove(self, school: str, endpoint: str) -> None:
        """Remove it with its messages and their log."""

    async def rotate(self, school: str, endpoint: str, how: "RotateSecret") -> "Made":
        """Give it a new secret.

        Raises:
            MayBeMadeError: it may have it, and no answer says so.
        """

    async def deliveries(
        self, school: str, endpoint: str, state: "State | None", limit: int
    ) -> Sequence["Delivery"]:
        """Its messages, the newest first."""

    async def attempts(self, school: str, endpoint: str, message: str) -> Sequence["Attempt"]:
        """Every attempt to deliver a message, the first one first."""

    async def resend(self, school: str, endpoint: str, asked: "Resend") -> int:
        """Send messages again; returns how many.

        Raises:
            EndpointDisabledError: it has to be enabled first.
        """

    async def test(self, school: str, endpoint: str) -> "Attempt | None":
        """Send a test event; returns its first attempt, none where nobody made one in time.

        Raises:
            EndpointDisabledError: it has to be enabled first.
        """
