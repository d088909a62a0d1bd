"""One connection to a mail server (RFC 5321), kept for several letters.

What matters is whether the server may have taken the letter. It cannot before the last line of
the message has left; it may have from then on until its answer is here. aiosmtplib's ``data``
does both steps in one, so ours takes them one by one.
"""

import logging
import re
import socket
import ssl
from typing import Literal, NamedTuple

import aiosmtplib
from aiosmtplib import SMTP, SMTPResponseException

from services.mailer.transport import TAKEN, Letter, Outcome, first_words

LETTERS = 100
"""Sent over one connection, at the most; servers count too."""
_START, _CLOSING = 354, 421
_SAYS_WHAT_BECAME = (2, 4, 5)
"""What an answer to a message may begin with."""
_DOT = re.compile(rb"(?m)^\.")

log = logging.getLogger(__name__)


class Server(NamedTuple):
    """Where it is and how to speak to it; ``timeout`` in seconds, for each step."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    context: ssl.SSLContext | None
    username: str | None
    password: str | None
    timeout: float


class SmtpTransport:
    """Connects when there is something to carry."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: SMTP | None = None
        self._carried = 0

    async def prepare(self) -> Outcome | None:
        """Connect, unless a connection stands; what is in the way is never the letter's fault."""
        if self._client is not None and self._client.is_connected and self._carried < LETTERS:
            return None
        await self.close()
        client, self._carried = self._new(), 0
        try:
            trouble = await self._connect(client)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            trouble = _why_not(error)
        if trouble is None:
            self._client = client
        else:
            client.close()
        return trouble

    async def deliver(self, letter: Letter) -> Outcome:
        """Send a letter; once more where the server had left a connection that was kept."""
        kept = self._carried > 0
        outcome = await self._carry(letter)
        if kept and outcome.kind == "later" and outcome.code in {"closed", f"smtp_{_CLOSING}"}:
            return await self.prepare() or await self._carry(letter)
        return outcome

    async def close(self) -> None:
        """Say goodbye where somebody listens."""
        client, self._client = self._client, None
        if client is None:
            return
        if client.is_connected:
            try:
                await client.quit()
            except (aiosmtplib.SMTPException, OSError) as error:
                log.debug("the mail server did not say goodbye: %s", type(error).__name__)
        client.close()

    def _new(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=_own_name(),
            timeout=server.timeout,
            use_tls=server.security == "tls",
            start_tls=False,  # asked for below, where it can be told that there is none
            tls_context=server.context,
        )

    async def _connect(self, client: SMTP) -> Outcome | None:
        server = self._server
        await client.connect()
        await client.ehlo()
        if server.security == "starttls":
            if not client.supports_extension("starttls"):
                return Outcome("later", "tls_failed", "The mail server offers no STARTTLS.")
            await client.starttls()
            await client.ehlo()
        if server.username is not None:
            if not client.supported_auth_methods:
                return Outcome("later", "login_refused", "The mail server offers no login.")
            await client.login(server.username, server.password or "")
        return None

    async def _carry(self, letter: Letter) -> Outcome:
        client = self._client
        if client is None:
            return Outcome("later", "closed")
        if letter.international and not client.supports_extension("smtputf8"):
            return Outcome("refused", "needs_smtputf8", "The mail server takes no such address.")
        self._carried += 1
        try:
            await self._introduce(client, letter)
        except SMTPResponseException as error:
            return await self._answered(client, error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            return _why_not(error)
        return await self._hand_over(client, letter)

    async def _introduce(self, client: SMTP, letter: Letter) -> None:
        """Everything before the message: whatever goes wrong here, the server has nothing."""
        encoding = "utf-8" if letter.international else "ascii"
        options = ["SMTPUTF8", "BODY=8BITMIME"] if letter.international else []
        await client.mail(letter.sender, options=options, encoding=encoding)
        await client.rcpt(letter.recipient, encoding=encoding)
        ready = await client.execute_command(b"DATA")
        if ready.code != _START:
            raise SMTPResponseException(ready.code, ready.message)

    async def _hand_over(self, client: SMTP, letter: Letter) -> Outcome:
        """The message: from here on no answer means that nobody knows."""
        protocol = client.protocol
        if protocol is None:
            return Outcome("later", "closed")
        try:
            protocol.write(_DOT.sub(b"..", letter.data) + b".\r\n")
            answer = await protocol.read_response(timeout=self._server.timeout)
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            return Outcome("unclear", _why_not(error).code)
        if answer.code // 100 not in _SAYS_WHAT_BECAME:
            client.close()
            return Outcome("unclear", "not_understood", first_words(answer.code, answer.message))
        return await self._answered(client, answer.code, answer.message)

    async def _answered(self, client: SMTP, code: int, text: str) -> Outcome:
        """What an answer means (RFC 5321 §4.2.1): 2 yes, 4 not now, 5 never."""
        words = first_words(code, text)
        match code // 100:
            case 2:
                return TAKEN
            case 5:
                outcome = Outcome("refused", f"smtp_{code}", words)
            case 4:
                outcome = Outcome("later", f"smtp_{code}", words)
            case _:
                client.close()
                return Outcome("later", "not_understood", words)
        await self._begin_anew(client, code)
        return outcome

    async def _begin_anew(self, client: SMTP, code: int) -> None:
        """The next letter starts from nothing, on this connection or on another."""
        if code == _CLOSING or not client.is_connected:
            client.close()
            return
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            client.close()


def _why_not(error: Exception) -> Outcome:
    """Why nothing was sent, by what the client raised."""
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Outcome("later", "tls_failed", _reason(error))
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return Outcome("later", "login_refused", first_words(error.code, error.message))
        case SMTPResponseException() if error.code > 0:
            return Outcome("later", f"smtp_{error.code}", first_words(error.code, error.message))
        case aiosmtplib.SMTPTimeoutError():
            return Outcome("later", "no_answer")
        case aiosmtplib.SMTPServerDisconnected():
            return Outcome("later", "closed")
        case aiosmtplib.SMTPConnectError() | OSError():
            return Outcome("later", "connection_failed", type(error.__cause__ or error).__name__)
        case _:
            return Outcome("later", "not_understood", type(error).__name__)


def _reason(error: Exception) -> str | None:
    """What OpenSSL says of a certificate, such as "certificate has expired"."""
    cause = error if isinstance(error, ssl.SSLError) else error.__cause__
    return getattr(cause, "verify_message", None) or getattr(cause, "reason", None)


def _own_name() -> str:
    """What we call ourselves to the server; no DNS is asked."""
    name = socket.gethostname()
    return name if name.isascii() and name else "localhost"
