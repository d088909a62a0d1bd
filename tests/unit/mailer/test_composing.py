"""An e-mail is well formed whatever names, addresses and templates are; nobody adds a header."""

from __future__ import annotations

import random
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.addresses import BadAddressError, mailbox, one_line
from services.mailer.composing import Sender, compose
from services.mailer.ledger import Mail, Recipient
from services.mailer.pacing import Pace
from services.mailer.rendering import Rendered
from services.mailer.schedule import JITTER, PAUSES, pause
from services.mailer.transport import Letter, Outcome, first_words
from tests.unit.mailer.notices import COMPLETED, NOON

if TYPE_CHECKING:
    from email.message import EmailMessage

ID = UUID("00000000-0000-0000-0000-00000000002a")
MAIL = Mail(ID, "riverside", "u-1", "completion", COMPLETED, f"{ID}@mail.test", ID, 0, ID)
ADA = Recipient("Ada", "ada@learner.test", None, "Riverside", None, False, None, None)
BOTH = Sender("no-reply@mail.test", "https://learn.test/base/", "leave@mail.test")
WORDS = Rendered("You did it", "<p>.</p>\n", ".\nhello\n")
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe"),
    *("List-Unsubscribe-Post", "MIME-Version", "Content-Type"),
]


def letter(recipient: Recipient = ADA, words: Rendered = WORDS, sender: Sender = BOTH) -> Letter:
    made = compose(MAIL, recipient, words, sender, NOON)
    assert isinstance(made, Letter), made
    return made


def read(made: Letter) -> EmailMessage:
    return message_from_bytes(made.data, policy=default)  # type: ignore[return-value]


def test_headers_are_all_there() -> None:
    made = letter()
    message = read(made)
    assert sorted(message.keys()) == sorted(HEADERS)
    assert message["From"] == "Riverside <no-reply@mail.test>"
    assert message["To"] == "Ada <ada@learner.test>"
    assert message["Date"] == "Fri, 31 May 2024 12:00:00 +0000"
    assert message["Message-ID"] == f"<{ID}@mail.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == (
        f"<https://learn.test/base/mail/unsubscribe/{ID}>, "
        f"<mailto:leave@mail.test?subject=unsubscribe%20{ID}>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (made.sender, made.recipient) == ("no-reply@mail.test", "ada@learner.test")


def test_without_a_base_url_there_is_no_one_click() -> None:
    message = read(letter(sender=Sender("a@mail.test", None, "leave@mail.test")))
    assert message["List-Unsubscribe"] == f"<mailto:leave@mail.test?subject=unsubscribe%20{ID}>"
    assert "List-Unsubscribe-Post" not in message
    assert "List-Unsubscribe" not in read(letter(sender=Sender("a@mail.test")))


def test_the_message_id_is_the_ledgers_whoever_sends() -> None:
    school = ADA._replace(sender_address="school@rive.test", sender_name='A "B" <c@d.test>')
    message = read(letter(school))
    assert message["Message-ID"] == f"<{ID}@mail.test>"
    assert message["From"].addresses[0].addr_spec == "school@rive.test"
    assert message["From"].addresses[0].display_name == 'A "B" <c@d.test>'


@given(name=st.text(max_size=200), subject=st.text(min_size=1), text=st.text(), html=st.text())
def test_whatever_somebody_is_called_the_headers_stay_ours(
    name: str, subject: str, text: str, html: str
) -> None:
    line = one_line(subject, 200) or "x"
    made = letter(ADA._replace(name=name, school_name=name), Rendered(line, html, text))
    message = read(made)
    assert sorted(message.keys()) == sorted(HEADERS)
    assert [it.addr_spec for it in message["To"].addresses] == ["ada@learner.test"]
    assert made.data.isascii()
    lines = made.data.split(b"\r\n")
    assert max(map(len, lines)) < 998
    assert not any(b"\n" in it or b"\r" in it for it in lines)


@pytest.mark.parametrize(
    "name",
    [
        *("Ada\r\nBcc: eve@e.test", "Ünï Çödé", '"quoted" \\ name', "a@b.test,"),
        *("\U0001d504da \U0001f393", "=?utf-8?q?x?="),
    ],
)
def test_names_arrive_as_they_are_on_one_line(name: str) -> None:
    message = read(letter(ADA._replace(name=name)))
    assert len(message["To"].addresses) == 1
    assert message["Bcc"] is None
    shown = message["To"].addresses[0].display_name
    assert shown == one_line(name, 200) or "utf-8" in name


@pytest.mark.parametrize(
    "email",
    [
        *("a@b@c.test", "ada", "ada@", "@b.test", "a b@c.test", "a\r\n@c.test", "<a@b.test>"),
        *("a@b..test", "a@-b.test", "a@b_c.test", '"a b"@c.test', "a@[127.0.0.1]", "a,b@c.test"),
        *(".a@b.test", "a..b@c.test", "a\x01@b.test", "a@b.test>", "x" * 65 + "@b.test"),
        *("a@" + "b." * 130 + "test", "a@" + "b" * 64 + ".test", "a\u202e@b.test"),
    ],
)
def test_what_no_server_takes_is_refused_before_it_is_asked(email: str) -> None:
    made = compose(MAIL, ADA._replace(email=email), WORDS, BOTH, NOON)
    assert isinstance(made, Outcome)
    assert (made.kind, made.code) == ("refused", "bad_address")
    assert email not in str(made.answer)
    with pytest.raises(BadAddressError):
        mailbox(email)


@pytest.mark.parametrize(
    ("email", "sent", "international"),
    [
        ("ada+tag@Learner.test", "ada+tag@Learner.test", False),
        ("a'b=c@x.test", "a'b=c@x.test", False),
        ("ada@bücher.test", "ada@xn--bcher-kva.test", False),
        ("josé@x.test", "josé@x.test", True),
    ],
)
def test_addresses_in_other_letters(email: str, sent: str, international: bool) -> None:
    made = letter(ADA._replace(email=email))
    assert (made.recipient, made.international) == (sent, international)
    assert f"\r\nTo: Ada <{sent}>\r\n".encode() in made.data


def test_the_text_is_what_was_written() -> None:
    message = read(letter(words=Rendered("s", "<p>é</p>", ".\n..\n" + "x" * 2_000 + "\n")))
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    assert text.get_content().replace("\r\n", "\n") == ".\n..\n" + "x" * 2_000 + "\n"
    assert page.get_content().strip() == "<p>é</p>"


def test_a_servers_words_are_kept_without_addresses_and_short() -> None:
    said = first_words(550, "5.1.1 <ada@b.test>:\nno\x1b[31m such user" + "x" * 500)
    assert said.startswith("550 5.1.1 <address> no[31m such user")
    assert len(said) == 120


def test_pauses_grow_and_end() -> None:
    chance: Any = random.Random(5)
    pauses = [pause(tries, chance) for tries in range(1, len(PAUSES) + 2)]
    assert pauses.pop() is None
    for found, least in zip(pauses, PAUSES, strict=True):
        assert found is not None
        assert least <= found <= least * (1 + JITTER)


async def test_letters_leave_at_a_bounded_rate() -> None:
    now, slept = [100.0], list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(4, lambda: now[0], sleep)
    for _ in range(5):
        await pace.turn()
    assert (sum(slept), len(slept)) == (1.0, 4)
    now[0] += 60  # what was not used is not made up for
    for _ in range(2):
        await pace.turn()
    assert slept[4:] == [0.25]
