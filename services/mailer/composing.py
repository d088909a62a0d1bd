"""An e-mail from a notice, a template and what the directory knows at the moment of sending."""

from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote

from services.domain.addresses import BadAddressError, mailbox, named
from services.mailer.ledger import Mail, Recipient
from services.mailer.rendering import Rendered
from services.mailer.transport import Letter, Outcome


class Sender(NamedTuple):
    """What the installation says of its e-mails: the settings' part.

    ``public_url`` is where the HTTP part is reached, ``unsubscribe_to`` takes requests by e-mail.
    """

    address: str
    public_url: str | None = None
    unsubscribe_to: str | None = None


def unsubscribe_url(mail: Mail, sender: Sender) -> str | None:
    """Where one click or one POST ends e-mails of this kind (RFC 8058); none without a base URL."""
    base = sender.public_url
    return f"{base.rstrip('/')}/mail/unsubscribe/{mail.unsubscribe}" if base else None


def compose(
    mail: Mail, recipient: Recipient, rendered: Rendered, sender: Sender, now: datetime
) -> Letter | Outcome:
    """The letter, or why there can be none."""
    try:
        to = mailbox(recipient.email or "")
        to_header = named(to, recipient.name)
    except BadAddressError as error:
        return Outcome("refused", "bad_address", f"The address in the directory: {error}.")
    try:
        box = mailbox(recipient.sender_address or sender.address)
        from_header = named(box, recipient.sender_name or recipient.school_name)
    except BadAddressError as error:
        return Outcome("refused", "bad_sender", f"The address it would come from: {error}.")
    message = EmailMessage(policy=SMTPUTF8 if to.international else SMTP)
    for name, value in _headers(mail, from_header, to_header, rendered.subject, now):
        message[name] = value
    for name, text in _unsubscribing(mail, sender):
        message[name] = text
    # Quoted-printable keeps every line short and in ASCII, whatever a template holds.
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    international = to.international or box.international
    return Letter(str(mail.id), box.address, to.address, bytes(message), international)


def _headers(
    mail: Mail, sender: Address, to: Address, subject: str, now: datetime
) -> Iterator[tuple[str, str | Address]]:
    yield "From", sender
    yield "To", to
    yield "Subject", subject
    yield "Date", format_datetime(now)
    yield "Message-ID", f"<{mail.message_id}>"
    yield "Auto-Submitted", "auto-generated"  # RFC 3834: no absence note comes back


def _unsubscribing(mail: Mail, sender: Sender) -> Iterator[tuple[str, str]]:
    """RFC 2369 §3.2, and RFC 8058 where there is somebody to take the POST."""
    ways = []
    url = unsubscribe_url(mail, sender)
    if url is not None:
        ways.append(f"<{url}>")
    if sender.unsubscribe_to:
        to = quote(sender.unsubscribe_to, safe="@")
        ways.append(f"<mailto:{to}?subject=unsubscribe%20{mail.unsubscribe}>")
    if ways:
        yield "List-Unsubscribe", ", ".join(ways)
    if url is not None:
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
