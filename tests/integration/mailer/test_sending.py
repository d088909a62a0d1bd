"""One e-mail for an attempt (M5), to whom the directory names at the moment of sending."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from contracts.directory import School
from tests.integration.mailer.conftest import ada, completed
from tests.support.mail import Fault, mail_server

if TYPE_CHECKING:
    from tests.integration.mailer.conftest import Post


async def test_m5_an_attempt_is_written_to_once_however_often_it_is_noticed(post: Post) -> None:
    with mail_server() as server:
        mailer = post.mailer(server.port)
        assert await post.intends(completed(), completed(), completed(attempt=2)) == 2
        await mailer.step()
        assert await post.intends(completed(event_id="another"), completed(attempt=2)) == 0
        post.clock.pass_by(days=400)
        await mailer.step()
    ids = await post.pool.fetch("select '<' || message_id || '>' from mails")
    assert server.counted == {row[0]: 1 for row in ids}
    assert len(ids) == 2


async def test_m5_two_mailers_share_the_work_and_nobody_gets_two(post: Post) -> None:
    people = [f"u-{n}" for n in range(60)]
    await post.knows(*(ada(user=it, email=f"{it}@learner.test") for it in people))
    await post.intends(*(completed(it) for it in people))
    with mail_server() as server:
        mailers = [post.mailer(server.port, batch=7) for _ in range(3)]

        async def work(number: int) -> int:
            sent = 0
            while some := await mailers[number].step():
                sent += some
            return sent

        shares = await asyncio.gather(*map(work, range(3)))
    assert sorted(server.recipients()) == sorted(f"{it}@learner.test" for it in people)
    assert sum(shares) == 60
    assert min(shares) > 0


async def test_one_connection_carries_several_letters(post: Post) -> None:
    await post.intends(*(completed(attempt=n) for n in range(1, 8)))
    with mail_server() as server:
        await post.mailer(server.port).step()
    assert (server.connections, len(server.taken)) == (1, 7)


async def test_who_is_erased_or_has_no_address_gets_nothing_and_it_is_recorded(post: Post) -> None:
    await post.knows(ada(user="u-2", email=None), ada(user="u-3"))
    await post.intends(completed(), completed("u-2"), completed("u-3"), completed("u-4"))
    await post.directory.erase_user("riverside", "u-1")
    with mail_server() as server:
        await post.mailer(server.port).step()
    nobody = ("no_address", "no_address")
    assert await post.standing() == {
        "u-1": nobody,
        "u-2": nobody,
        "u-3": ("sent", None),
        "u-4": nobody,
    }
    assert len(server.taken) == 1


async def test_schools_do_not_mix(post: Post) -> None:
    await post.directory.put_schools([School(school="lakeside", plan="starter", name="Lakeside")])
    await post.knows(ada(school="lakeside", email="ada@lake.test", language="de"))
    await post.intends(completed(), completed(school="lakeside"))
    with mail_server() as server:
        await post.mailer(server.port).step()
    said = {it.recipient: str(it.message["Subject"]) for it in server.taken}
    assert said == {
        "ada@learner.test": "You completed Biology I",
        "ada@lake.test": "Sie haben Biology I abgeschlossen",
    }


async def test_a_server_that_left_a_kept_connection_costs_no_try(post: Post) -> None:
    await post.intends(completed(), completed(attempt=2))
    with mail_server() as server:
        mailer = post.mailer(server.port, batch=1)
        await mailer.step()
        server.faults += [Fault("mail", "close")]
        await mailer.step()
    assert server.connections == 2
    assert await post.pool.fetch("select state, tries from mails") == [("sent", 1)] * 2
