"""A mailer that slept changes nothing that another has taken over; what it knows it still tells."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from services.mailer.administration import Administration
from services.mailer.ledger import Note
from tests.integration.mailer.conftest import Scripted, completed

if TYPE_CHECKING:
    from services.mailer.ledger import Mail
    from tests.integration.mailer.conftest import Post

SENT = Note("sent", 1)


async def taken(post: Post) -> Mail:
    """One e-mail, taken by a mailer that then falls asleep."""
    await post.intends(completed())
    now = post.clock()
    [mail] = await post.ledger.claim(uuid4(), now + timedelta(seconds=60), now, 10)
    return mail


async def begins(post: Post, mail: Mail) -> bool:
    now = post.clock()
    return await post.ledger.begin(mail, now + timedelta(seconds=60), now, "packaged:en")


async def state(post: Post) -> str:
    return (await post.standing())["u-1"][0]


async def test_m5_whoever_sleeps_past_the_lease_may_not_send(post: Post) -> None:
    mail = await taken(post)
    other = Scripted()
    assert await post.mailer(other).step() == 0  # the lease still holds
    post.clock.pass_by(seconds=61)
    assert await post.mailer(other).step() == 1
    assert not await begins(post, mail)
    assert not await post.ledger.note(mail, Note("failed", 1), post.clock())
    assert (len(other.letters), await state(post)) == (1, "sent")


async def test_m5_what_was_begun_is_unclear_when_its_lease_ends_and_nobody_sends_it(
    post: Post,
) -> None:
    mail = await taken(post)
    assert await begins(post, mail)
    other = Scripted()
    post.clock.pass_by(seconds=59)
    await post.mailer(other).step()
    assert await state(post) == "sending"
    post.clock.pass_by(seconds=2)
    await post.mailer(other).step()
    assert (other.letters, await state(post)) == ([], "unclear")
    assert await post.ledger.note(mail, SENT, post.clock())  # it wakes up, and knows
    assert await state(post) == "sent"


async def test_whoever_wakes_up_after_a_person_has_decided_changes_nothing(post: Post) -> None:
    mail = await taken(post)
    await begins(post, mail)
    post.clock.pass_by(seconds=61)
    await post.mailer(Scripted()).step()
    assert await Administration(post.pool).resend(mail.id, post.clock()) == "again"
    assert not await post.ledger.note(mail, SENT, post.clock())
    assert await state(post) == "intended"


async def test_a_mailer_that_stops_gives_back_what_it_has_not_begun(post: Post) -> None:
    mail = await taken(post)
    await post.ledger.release(mail.lease)
    other = Scripted()
    await post.mailer(other).step()
    assert len(other.letters) == 1


async def test_of_two_who_took_it_only_the_later_may_begin(post: Post) -> None:
    early = await taken(post)
    post.clock.pass_by(seconds=61)
    now = post.clock()
    [late] = await post.ledger.claim(uuid4(), now + timedelta(seconds=60), now, 10)
    assert not await begins(post, early)
    assert await begins(post, late)
