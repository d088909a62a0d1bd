"""Webhook endpoints over HTTP."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from contracts.api.webhooks import (
    ENDPOINT_PATTERN,
    EndpointShown,
    NewEndpoint,
    Resend,
    RotateSecret,
    WebhookAttempt,
)
from contracts.client import ClientError, ProblemError
from services.cli import errors
from services.cli.stack.lines import line
from services.cli.stack.session import PAGE, Session, first, may_be_done
from services.cli.stack.webhooks.port import ANSWER_SECONDS, MayBeMadeError
from services.webhooks.deliveries import Attempt, Delivery, EndpointDisabledError, State
from services.webhooks.endpoints import Endpoint, Made, UnknownEndpointError
from services.webhooks.signing import new_secret, written

_Asked = TypeVar("_Asked", NewEndpoint, RotateSecret)


class RemoteWebhooks:
    """``Webhooks``.

    A new secret is made here and sent: the API tells it in one answer alone. Where no answer came,
    what was asked for may be done, and ``MayBeMadeError`` tells the secret that is then in force.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    async def add(self, school: str, asked: NewEndpoint) -> Made:
        """It gets what is queued from now on."""
        await self._session.check(school)
        whole, secret = _with_secret(asked)
        with _not_lost(None, secret):
            made = await self._client.create_webhook(whole)
        return Made(made.endpoint.endpoint, secret)

    async def all(self, school: str) -> Sequence[Endpoint]:
        """All of them."""
        await self._session.check(school)
        return [_endpoint(school, it) for it in (await self._client.webhooks()).endpoints]

    async def one(self, school: str, endpoint: str) -> tuple[Endpoint, Mapping[str, int]]:
        """By its id."""
        await self._session.check(school)
        with _known(school, endpoint):
            shown = await self._client.get_webhook(endpoint)
        return _endpoint(school, shown), shown.messages or {}

    async def enable(self, school: str, endpoint: str, *, leave_parked: bool) -> int:
        """With what is parked, or without."""
        await self._session.check(school)
        with _known(school, endpoint):
            moved = await self._client.enable_webhook(endpoint, leave_parked=leave_parked)
        return moved.messages

    async def disable(self, school: str, endpoint: str) -> int:
        """By an administrator."""
        await self._session.check(school)
        with _known(school, endpoint):
            return (await self._client.disable_webhook(endpoint)).messages

    async def remove(self, school: str, endpoint: str) -> None:
        """Looked for first: where it is gone then, an answer to us was lost."""
        await self.one(school, endpoint)
        with suppress(UnknownEndpointError), _known(school, endpoint):
            await self._client.remove_webhook(endpoint)

    async def rotate(self, school: str, endpoint: str, how: RotateSecret) -> Made:
        """The old one signs a while longer."""
        await self._session.check(school)
        whole, secret = _with_secret(how)
        with _known(school, endpoint), _not_lost(endpoint, secret):
            await self._client.rotate_webhook_secret(endpoint, whole)
        return Made(endpoint, secret)

    async def deliveries(
        self, school: str, endpoint: str, state: State | None, limit: int
    ) -> Sequence[Delivery]:
        """Page by page."""
        await self._session.check(school)
        size = min(limit, PAGE)
        with _known(school, endpoint):
            found = self._client.deliveries_of_webhook(endpoint, state=state, limit=size)
            return [line(Delivery, it, {}) for it in await first(found, limit)]

    async def attempts(self, school: str, endpoint: str, message: str) -> Sequence[Attempt]:
        """As they are on record."""
        await self._session.check(school)
        with _known(school, endpoint):
            found = await self._client.attempts_of_webhook(endpoint, message=message)
        return list(map(_attempt, found.attempts))

    async def resend(self, school: str, endpoint: str, asked: Resend) -> int:
        """Under the same ids."""
        await self._session.check(school)
        with _known(school, endpoint):
            return (await self._client.resend_to_webhook(endpoint, asked)).messages

    async def test(self, school: str, endpoint: str) -> Attempt | None:
        """The API waits for its first attempt."""
        await self._session.check(school)
        with _known(school, endpoint):
            tested = await self._client.try_webhook(endpoint, wait=ANSWER_SECONDS)
        return None if tested.attempt is None else _attempt(tested.attempt)


@contextmanager
def _known(school: str, endpoint: str) -> Iterator[None]:
    """While one is asked about; what can be no id is no endpoint's.

    Raises:
        UnknownEndpointError: the school has none of that id.
        EndpointDisabledError: it has to be enabled first.
    """
    if not re.match(ENDPOINT_PATTERN, endpoint):
        raise UnknownEndpointError(school, endpoint)
    try:
        yield
    except ProblemError as error:
        for known in (UnknownEndpointError, EndpointDisabledError):
            if error.code == known.code:
                raise known(school, endpoint) from None
        raise


@contextmanager
def _not_lost(endpoint: str | None, secret: str) -> Iterator[None]:
    """While a secret is on its way.

    Raises:
        MayBeMadeError: it may be in force, and no answer says so.
    """
    try:
        yield
    except ClientError as error:
        if may_be_done(error):
            raise MayBeMadeError(errors.explain(error), endpoint, secret) from error
        raise


def _with_secret(asked: _Asked) -> tuple[_Asked, str]:
    secret = asked.secret or written(new_secret())
    return asked.model_copy(update={"secret": secret}), secret


def _endpoint(school: str, shown: EndpointShown) -> Endpoint:
    triggers = None if shown.triggers is None else list(shown.triggers)
    courses = None if shown.courses is None else list(shown.courses)
    return line(Endpoint, shown, {"school": school, "triggers": triggers, "courses": courses})


def _attempt(it: WebhookAttempt) -> Attempt:
    """Its answer is told as it is printed."""
    return line(Attempt, it, {"answer": it.answer.encode()})
