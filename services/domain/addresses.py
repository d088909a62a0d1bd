"""Names and e-mail addresses made fit for a header, or refused."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from typing import NamedTuple

LONGEST_NAME = 200
_LOCAL = re.compile(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\].]+(\.[^\x00-\x20\x7f\"(),:;<>@\[\\\].]+)*")
"""A dot-atom of RFC 5322 §3.2.3, with what RFC 6531 §3.3 adds."""
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 253


class BadAddressError(ValueError):
    """``bad_address``: no mail server takes it."""


class Mailbox(NamedTuple):
    """An address; the domain in ASCII."""

    local: str
    domain: str

    @property
    def address(self) -> str:
        """``local@domain``."""
        return f"{self.local}@{self.domain}"

    @property
    def international(self) -> bool:
        """Whether it needs a server that speaks SMTPUTF8."""
        return not self.local.isascii()


def mailbox(address: str) -> Mailbox:
    """Read an address; a domain in other letters becomes the ASCII form that DNS knows.

    Raises:
        BadAddressError: it is none, or one that only quotes could write.
    """
    local, _, domain = address.rpartition("@")
    if not _LOCAL.fullmatch(local) or not local.isprintable():
        raise BadAddressError("what stands before the @ is not valid")
    if len(local.encode()) > _LONGEST_LOCAL:
        raise BadAddressError("what stands before the @ is too long")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadAddressError("the domain is not valid") from None
    labels = ascii_domain.split(".")
    if len(ascii_domain) > _LONGEST_DOMAIN or not all(map(_LABEL.fullmatch, labels)):
        raise BadAddressError("the domain is not valid")
    return Mailbox(local, ascii_domain)


def one_line(text: str, longest: int) -> str:
    """Text for a header: line breaks and the like become spaces, what is invisible goes."""
    words = " ".join(text.split())
    visible = "".join(filter(str.isprintable, words))
    return visible if len(visible) <= longest else f"{visible[: longest - 1]}…"


def named(box: Mailbox, name: str | None) -> Address:
    """A mailbox with the name of whose it is, as a header's value.

    Raises:
        BadAddressError: the e-mail library finds it wrong.
    """
    try:
        return Address(one_line(name or "", LONGEST_NAME), username=box.local, domain=box.domain)
    except (MessageError, ValueError, IndexError):
        raise BadAddressError("it is not valid") from None
