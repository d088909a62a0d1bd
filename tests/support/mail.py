"""A real SMTP server (aiosmtpd) in a thread of its own, on 127.0.0.1, with faults on demand.

It counts what it took by Message-ID: that, and not what a client believes, is what was sent.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Literal, NamedTuple

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Sequence
    from email.message import EmailMessage

HOST = "127.0.0.1"
USER, PASSWORD = b"mailer", b"correct horse"
Stage = Literal["greet", "ehlo", "mail", "rcpt", "data", "body", "end"]


class Fault(NamedTuple):
    """Happens once: at a stage it hangs, closes the connection, or gives this answer.

    body: in the middle of the message; end: when the server has all of it, and keeps it unless
    its answer refuses it.
    """

    at: Stage
    does: str


class Taken(NamedTuple):
    """A message that the server has."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)  # type: ignore[return-value]


class MailServer:
    """What the server has, and what it will do next."""

    def __init__(self, faults: Sequence[Fault], *, utf8: bool) -> None:
        self.faults = list(faults)
        self.taken: list[Taken] = []
        self.connections = 0
        self.utf8 = utf8
        self.port = 0
        self.transports: list[asyncio.BaseTransport] = []

    @property
    def counted(self) -> Counter[str]:
        """How many messages it took under each Message-ID."""
        return Counter(str(it.message["Message-ID"]) for it in self.taken)

    def recipients(self) -> list[str]:
        return [it.recipient for it in self.taken]

    async def strike(self, stage: Stage, client: _Client) -> str | None:
        """An answer to give instead of the usual one; none where nothing is wrong."""
        if not self.faults or self.faults[0].at != stage:
            return None
        does = self.faults.pop(0).does
        if does == "hang":
            await asyncio.Event().wait()
        if does == "close":
            client.transport.abort()
            await asyncio.Event().wait()
        return does

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it
        self, server: _Client, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message."""
        assert session.peer
        assert isinstance(envelope.content, bytes)
        taken = Taken(str(envelope.mail_from), envelope.rcpt_tos[0], envelope.content)
        if self.faults and self.faults[0].at == "end" and self.faults[0].does[0].isdigit():
            return self.faults.pop(0).does
        self.taken.append(taken)
        return await self.strike("end", server) or "250 taken"


class _Client(SMTP):
    """One connection."""

    server: MailServer

    async def _handle_client(self) -> None:
        self.server.connections += 1
        self.server.transports.append(self.transport)
        answer = await self.server.strike("greet", self)
        if answer:
            await self.push(answer)
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        answer = await self.server.strike("ehlo", self)
        await (self.push(answer) if answer else super().smtp_EHLO(hostname))

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        answer = await self.server.strike("mail", self)
        await (self.push(answer) if answer else super().smtp_MAIL(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        answer = await self.server.strike("rcpt", self)
        await (self.push(answer) if answer else super().smtp_RCPT(arg))

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        answer = await self.server.strike("data", self)
        if answer:
            await self.push(answer)
            return
        if self.server.faults and self.server.faults[0].at == "body":
            await self.push("354 go on")
            await self._reader.readline()
            await self.server.strike("body", self)
        await super().smtp_DATA(arg)


def _authenticate(
    _server: object, _session: object, _envelope: object, _mechanism: str, data: object
) -> AuthResult:
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (USER, PASSWORD)
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    *faults: Fault,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: bool = False,
    utf8: bool = True,
    port: int = 0,
) -> Iterator[MailServer]:
    """A server for a test; its port is free unless one is asked for."""
    state = MailServer(faults, utf8=utf8)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="smtp server")
    thread.start()

    def client() -> SMTP:
        made = _Client(
            state,
            hostname="mail.test",
            enable_SMTPUTF8=utf8,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=login,
            auth_require_tls=True,
            authenticator=_authenticate if login else None,
            loop=loop,
        )
        made.server = state
        return made

    async def serve() -> asyncio.Server:
        return await loop.create_server(client, HOST, port, ssl=tls)

    server = asyncio.run_coroutine_threadsafe(serve(), loop).result()
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, state), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server, state: MailServer) -> None:
    server.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for transport in state.transports:
        transport.abort()  # type: ignore[attr-defined]
    for _ in range(3):
        await asyncio.sleep(0)  # the transports tell their protocols in the loop's next rounds
