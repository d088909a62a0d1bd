"""The mailer as the settings want it."""

import ssl

from services.domain.addresses import BadAddressError, mailbox
from services.mailer.composing import Sender
from services.mailer.files import FileTransport
from services.mailer.smtp import Server, SmtpTransport
from services.mailer.transport import Transport
from services.runtime.settings import PREFIX, Settings

NOBODY = "no-reply@coursemark.invalid"
"""Stands in files where no sender is set; the domain is nobody's for ever (RFC 2606)."""
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_HERE = {"localhost", "127.0.0.1", "::1"}


class MailSettingsError(Exception):
    """``wrong_settings``: e-mails cannot be sent with these settings."""

    code = "wrong_settings"


def sender_of(settings: Settings) -> Sender:
    """Whom e-mails come from.

    Raises:
        MailSettingsError: with a mail server there must be a sender, and its address be valid.
    """
    if settings.smtp_host is not None and settings.mail_from is None:
        raise MailSettingsError(f"Set {PREFIX}MAIL_FROM to the address that e-mails come from.")
    return Sender(
        _address("MAIL_FROM", settings.mail_from or NOBODY),
        settings.public_url,
        settings.mail_unsubscribe_to
        and _address("MAIL_UNSUBSCRIBE_TO", settings.mail_unsubscribe_to),
    )


def transport_of(settings: Settings) -> Transport:
    """The mail server, or the folder where there is none.

    Raises:
        MailSettingsError: the password would be sent for all to read, or a file is not there.
    """
    if settings.smtp_host is None:
        return FileTransport(settings.mails)
    password = settings.smtp_password
    if (
        password is not None
        and settings.smtp_security == "none"
        and settings.smtp_host not in _HERE
    ):
        raise MailSettingsError(
            f"{PREFIX}SMTP_SECURITY is none: the password would be sent for all to read; "
            "set it to starttls or tls."
        )
    return SmtpTransport(
        Server(
            host=settings.smtp_host,
            port=settings.smtp_port or _PORTS[settings.smtp_security],
            security=settings.smtp_security,
            context=_context(settings),
            username=settings.smtp_username,
            password=password.get_secret_value() if password else None,
            timeout=settings.smtp_timeout_seconds,
        )
    )


def _context(settings: Settings) -> ssl.SSLContext | None:
    """Certificates and host names are verified, always."""
    if settings.smtp_security == "none":
        return None
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca_file)
    except OSError as error:
        raise MailSettingsError(f"{PREFIX}SMTP_CA_FILE cannot be read: {error}.") from None


def _address(setting: str, text: str) -> str:
    """An address; the local part in ASCII, since every server has to take it."""
    try:
        box = mailbox(text)
    except BadAddressError as error:
        raise MailSettingsError(f"{PREFIX}{setting} is no e-mail address: {error}.") from None
    if box.international:
        raise MailSettingsError(f"{PREFIX}{setting}: only ASCII may stand before the @.")
    return box.address
