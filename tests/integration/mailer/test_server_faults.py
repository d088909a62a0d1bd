"""Whatever a mail server does: nobody gets two, and everybody gets one or is on record (M5).

The server is a real one; its own count by Message-ID is what was sent.
"""

from __future__ import annotations

import socket
import ssl
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import trustme

from services.mailer.schedule import PAUSES
from tests.integration.mailer.conftest import SOON, STEP, ada, completed, smtp
from tests.support.mail import HOST, PASSWORD, USER, Fault, mail_server

if TYPE_CHECKING:
    from services.mailer.sending import Sending
    from services.mailer.smtp import SmtpTransport
    from tests.integration.mailer.conftest import Post
    from tests.support.mail import Stage

BEFORE_THE_MESSAGE: tuple[Stage, ...] = ("greet", "ehlo", "mail", "rcpt", "data")
SENT = ("sent", None)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def context_of(authority: trustme.CA, name: str = HOST) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(made)
    return made


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    made = ssl.create_default_context()
    authority.configure_trust(made)
    return made


@pytest.mark.parametrize("does", ["hang", "close", "451 4.3.2 come back later"])
async def test_before_the_message_it_is_tried_again_and_arrives_once(post: Post, does: str) -> None:
    for attempt, stage in enumerate(BEFORE_THE_MESSAGE, 1):
        await post.intends(completed(attempt=attempt))
        with mail_server(Fault(stage, does)) as server:
            mailer = post.mailer(server.port, step=SOON if does == "hang" else STEP)
            await mailer.step()
            assert server.taken == []
            post.clock.pass_by(seconds=59)
            await mailer.step()
            assert server.taken == []  # not before it is due
            await _until_quiet(post, mailer)
        assert (stage, server.faults, list(server.counted.values())) == (stage, [], [1])
    rows = await post.pool.fetch("select distinct state from mails")
    assert [row[0] for row in rows] == ["sent"]


@pytest.mark.parametrize("does", ["hang", "close"])
async def test_in_the_middle_of_the_message_nobody_knows_and_it_is_not_sent_again(
    post: Post, does: str
) -> None:
    await post.intends(completed(), completed("u-2"))
    await post.knows(ada(user="u-2", email="u-2@learner.test"))
    with mail_server(Fault("body", does)) as server:
        await _until_quiet(post, post.mailer(server.port, step=SOON if does == "hang" else STEP))
    states = Counter(state for state, _ in (await post.standing()).values())
    assert states == {"unclear": 1, "sent": 1}
    assert list(server.counted.values()) == [1]


@pytest.mark.parametrize("does", ["hang", "close"])
async def test_a_server_that_has_it_and_does_not_answer_is_not_sent_it_again(
    post: Post, does: str
) -> None:
    await post.intends(completed())
    with mail_server(Fault("end", does)) as server:
        await _until_quiet(post, post.mailer(server.port, step=SOON if does == "hang" else STEP))
    assert list(server.counted.values()) == [1]
    assert (await post.standing())["u-1"][0] == "unclear"


async def test_what_the_server_puts_off_at_the_end_it_has_not_taken(post: Post) -> None:
    await post.intends(completed())
    with mail_server(Fault("end", "452 4.3.1 full"), Fault("end", "451 busy")) as server:
        await _until_quiet(post, post.mailer(server.port))
    assert list(server.counted.values()) == [1]
    assert await post.pool.fetchrow("select state, tries from mails") == ("sent", 3)


async def test_what_the_server_refuses_for_good_fails_with_its_words_and_no_address(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await post.knows(ada(user="u-2", email="u-2@learner.test"))
    answer = "550 5.1.1 <ada@learner.test> and u-2@learner.test: unknown here"
    for attempt, stage in enumerate(("mail", "rcpt", "data", "end"), 1):
        await post.intends(completed(attempt=attempt), completed("u-2", attempt=attempt))
        with mail_server(Fault(stage, answer)) as server:  # type: ignore[arg-type]
            await _until_quiet(post, post.mailer(server.port))
        assert (stage, list(server.counted.values())) == (stage, [1])  # the neighbour's
    found = await post.pool.fetch("select code, answer from mails where state = 'failed'")
    assert found == [("smtp_550", "550 5.1.1 <address> and <address> unknown here")] * 4
    ours = [it.getMessage() for it in caplog.records if it.name != "mail.log"]  # the server's own
    assert any("smtp_550" in line for line in ours)
    for secret in ("learner.test", "Biology", "Ada", "unknown here"):
        assert [line for line in ours if secret in line] == []


async def test_a_server_that_stays_away_is_given_up_after_two_days(post: Post) -> None:
    await post.intends(completed())
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    mailer = post.mailer(port)
    began, looks = post.clock.now, 0
    while (await post.standing())["u-1"][0] == "intended":
        await mailer.step()
        post.clock.pass_by(minutes=10)
        looks += 1
        assert looks < 1_000
    assert (post.clock.now - began).total_seconds() == pytest.approx(2 * 86_400, rel=0.25)
    found = await post.pool.fetchrow("select state, code, answer, tries from mails")
    assert found == ("failed", "gave_up", "ConnectionRefusedError", len(PAUSES) + 1)


async def test_while_the_server_is_away_only_one_of_many_is_tried(post: Post) -> None:
    await post.intends(*(completed(attempt=n) for n in range(1, 31)))
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    mailer = post.mailer(port)
    for _ in range(3):
        await mailer.step()
    assert await post.pool.fetchval("select sum(tries) from mails") == 1
    with mail_server(port=port) as server:
        post.clock.pass_by(seconds=2)
        await mailer.step()
        assert len(server.taken) == 29
        post.clock.pass_by(minutes=2)
        await mailer.step()
    assert set(server.counted.values()) == {1}
    assert len(server.counted) == 30


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_verified_connection_carries_letters(
    post: Post, authority: trustme.CA, security: str
) -> None:
    await post.intends(completed())
    ours = context_of(authority)
    with mail_server(**{security: ours}, login=security == "starttls") as server:  # type: ignore[arg-type]
        way = _logged_in(server.port, authority, security)
        if security == "tls":  # aiosmtpd knows a login after STARTTLS alone
            way = smtp(server.port, security=security, context=trusting(authority))
        await post.mailer(way).step()
    assert (await post.standing())["u-1"] == SENT
    assert list(server.counted.values()) == [1]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    post: Post, authority: trustme.CA, security: str
) -> None:
    await post.intends(completed())
    unknown, elsewhere = context_of(trustme.CA()), context_of(authority, "elsewhere.test")
    for theirs in (unknown, elsewhere, None):
        with mail_server(**{security: theirs}) as server:  # type: ignore[arg-type]
            await post.mailer(_logged_in(server.port, authority, security)).step()
        assert server.taken == []
        assert (await post.standing())["u-1"] == ("intended", "tls_failed")
        await post.pool.execute("update mails set code = null, next_at = $1", post.clock())


async def test_a_wrong_password_is_no_letters_fault(post: Post, authority: trustme.CA) -> None:
    await post.intends(completed())
    with mail_server(starttls=context_of(authority), login=True) as server:
        way = smtp(
            server.port,
            security="starttls",
            context=trusting(authority),
            username="mailer",
            password="wrong",  # noqa: S106 - made up
        )
        await post.mailer(way).step()
        assert (await post.standing())["u-1"] == ("intended", "login_refused")
        post.clock.pass_by(minutes=2)
        await post.mailer(_logged_in(server.port, authority, "starttls")).step()
    assert list(server.counted.values()) == [1]


async def test_an_address_in_other_letters_needs_a_server_that_takes_it(post: Post) -> None:
    await post.knows(
        ada(user="u-2", email="josé@bücher.test"), ada(user="u-3", email="x@bücher.test")
    )
    await post.intends(completed("u-2"), completed("u-3"))
    with mail_server(utf8=False) as plain:
        await post.mailer(plain.port).step()
    assert plain.recipients() == ["x@xn--bcher-kva.test"]
    assert (await post.standing())["u-2"] == ("failed", "needs_smtputf8")
    await post.intends(completed("u-2", attempt=2))
    with mail_server(utf8=True) as speaks:
        await post.mailer(speaks.port).step()
    assert speaks.recipients() == ["josé@xn--bcher-kva.test"]


def _logged_in(port: int, authority: trustme.CA, security: str) -> SmtpTransport:
    return smtp(
        port,
        security=security,
        context=trusting(authority),
        username=USER.decode(),
        password=PASSWORD.decode(),
    )


async def _until_quiet(post: Post, mailer: Sending) -> None:
    """Days go by until nothing is due any more."""
    for _ in range(6):
        post.clock.pass_by(days=1)
        await mailer.step()
