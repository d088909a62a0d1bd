"""What administrators see of e-mails and do to them, from the command line."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from services.mailer.overrides import Overrides
from services.mailer.transport import Outcome
from tests.integration.mailer.conftest import Scripted, ada, completed
from tests.support.command_line import Done, coursemark, json_lines

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.integration.mailer.conftest import Post

SUBJECT, TEXT = "Olá {{ name }}", "Parabéns: {{ course_title }}\n"
HTML = "<p>{{ course_title }}</p>"


async def call(url: str, *words: str, **more: Any) -> Done:
    return await asyncio.to_thread(coursemark, "mail", *words, "--database", url, **more)


async def test_m5_an_unclear_one_waits_for_a_person_and_is_sent_again_on_purpose(
    post: Post, database_url: str
) -> None:
    await post.intends(completed(), completed(attempt=2))
    way = Scripted(Outcome("unclear", "no_answer"))
    mailer = post.mailer(way)
    await mailer.step()
    post.clock.pass_by(days=365)
    await mailer.step()
    assert len(way.letters) == 2
    listed = await call(database_url, "list", "--state", "unclear", "--json")
    [unclear] = json_lines(listed.stdout)
    assert unclear["code"] == "no_answer"
    shown = await call(database_url, "show", unclear["id"])
    assert unclear["message_id"] in shown.stdout
    again = await call(database_url, "resend", unclear["id"], "--yes")
    assert again.returncode == 0, again
    post.clock.pass_by(days=10_000)  # the command took the real time
    await mailer.step()
    ids = [letter.data.partition(b"Message-ID: ")[2].split()[0] for letter in way.letters]
    assert len(ids) == 3
    assert ids.count(ids[2]) == 2  # the same Message-ID, so that a reader can tell
    refused = await call(database_url, "resend", unclear["id"], "--yes")
    assert (refused.returncode, "left as it is" in refused.stderr) == (1, True)


async def test_nothing_that_names_a_person_is_shown(post: Post, database_url: str) -> None:
    await post.knows(ada(name="Ada Byron"))
    await post.intends(completed())
    way = Scripted(Outcome("refused", "smtp_550", "550 <address> unknown"))
    await post.mailer(way).step()
    for words in (("list",), ("list", "--json")):
        said = (await call(database_url, *words)).stdout
        assert "smtp_550" in said
        assert "@learner.test" not in said
        assert "Byron" not in said


async def test_who_is_suppressed_or_unsubscribes_gets_nothing_until_it_is_lifted(
    post: Post, database_url: str
) -> None:
    await post.knows(ada(user="u-2"))
    await post.intends(completed(), completed("u-2"))
    token = await post.pool.fetchval("select unsubscribe from mails where recipient = 'u-1'")
    said = await call(database_url, "unsubscribe", str(token))
    assert "u-1 of riverside is written to no more." in said.stderr
    await call(database_url, "suppress", "riverside", "u-2")
    way = Scripted()
    await post.mailer(way).step()
    assert (way.letters, set((await post.standing()).values())) == (
        [],
        {("suppressed", "suppressed")},
    )
    await call(database_url, "suppress", "riverside", "u-2", "--lift")
    await post.intends(completed(attempt=2), completed("u-2", attempt=2))
    await post.mailer(way).step()
    assert [letter.recipient for letter in way.letters] == ["ada@learner.test"]
    unknown = await call(database_url, "unsubscribe", "00000000-0000-0000-0000-000000000000")
    assert (unknown.returncode, "copy it whole" in unknown.stderr) == (1, True)


async def test_a_school_has_a_sender_of_its_own(post: Post, database_url: str) -> None:
    said = await call(database_url, "from", "riverside", "school@rive.test", "--name", "Riverside")
    assert said.returncode == 0, said
    for wrong in ("no address", "a@b\r\nBcc: x@y.test", "ünï@rive.test", "a@-b.test"):
        assert (await call(database_url, "from", "riverside", wrong)).returncode == 1
    await post.intends(completed())
    way = Scripted()
    await post.mailer(way).step()
    assert b"From: Riverside <school@rive.test>\r\n" in way.letters[0].data
    await call(database_url, "from", "riverside")
    await post.intends(completed(attempt=2))
    await post.mailer(way).step()
    assert way.letters[1].sender == "no-reply@mail.test"


async def test_a_school_writes_in_its_own_words_and_a_broken_template_falls_back(
    post: Post, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "t.txt").write_text(TEXT, "utf-8")
    (tmp_path / "t.html").write_text(HTML, "utf-8")
    files = "--html", str(tmp_path / "t.html"), "--text", str(tmp_path / "t.txt")
    said = await call(
        database_url, "template", "set", "riverside", "pt", "--subject", SUBJECT, *files
    )
    assert said.returncode == 0, said
    shown = await call(database_url, "template", "show", "riverside", "PT", "--part", "text")
    assert shown.stdout == TEXT + "\n"
    preview = await call(database_url, "template", "preview", "riverside", "pt")
    assert "Subject: Olá Ada Byron" in preview.stdout
    assert "<p>Biology I &lt;cells &amp; tissues&gt;</p>" in preview.stdout

    await post.knows(ada(language="pt-BR"))
    await post.intends(completed())
    way = Scripted()
    await post.mailer(way).step()
    assert b"Subject: =?utf-8?q?Ol=C3=A1?= Ada\r\n" in way.letters[0].data
    assert await post.pool.fetchval("select template from mails") == "school:pt"

    await post.pool.execute("update mail_templates set text = '{{ no_longer_known }}'")
    await post.intends(completed(attempt=2))
    await post.mailer(way).step()
    assert b"Subject: You completed Biology I\r\n" in way.letters[1].data
    [listed] = json_lines(
        (await call(database_url, "template", "list", "riverside", "--json")).stdout
    )
    assert "no_longer_known is not known" in listed["problem"]
    assert "no_longer_known" not in caplog.text
    removed = [await call(database_url, "template", "remove", "riverside", "pt") for _ in range(2)]
    assert [it.returncode for it in removed] == [0, 1]


async def test_a_template_that_cannot_be_used_is_refused_with_the_line(
    post: Post, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "t.txt").write_text("\n{{ nmae }}", "utf-8")
    (tmp_path / "t.html").write_text("{% for a in name %}{% endfor %}", "utf-8")
    files = "--html", str(tmp_path / "t.html"), "--text", str(tmp_path / "t.txt")
    words = "template", "set", "riverside", "en", "--subject", "a\r\nBcc: b@c.test", *files
    refused = await call(database_url, *words)
    assert refused.returncode == 1
    for problem in (
        "subject: is one line",
        "html, line 1: for is not allowed",
        "text, line 2: nmae is not known; there are attempt",
    ):
        assert problem in refused.stderr
    assert await Overrides(post.pool).of_school("riverside") == []
    assert json.dumps(refused.stdout) == '""'
