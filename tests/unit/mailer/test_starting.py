"""How settings become a mailer; what would be unsafe is refused with the setting's name."""

from __future__ import annotations

import ssl
import stat
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from services.cli.errors import SETTINGS, explain
from services.mailer.files import FileTransport
from services.mailer.smtp import SmtpTransport
from services.mailer.starting import NOBODY, MailSettingsError, sender_of, transport_of
from services.mailer.transport import TAKEN, Letter
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

SERVER = {"smtp_host": "m.test", "mail_from": "a@b.test"}
LETTER = Letter("42", "a@b.test", "c@d.test", b"Subject: x\r\n\r\ny\r\n")


def settings(**chosen: Any) -> Settings:
    return Settings(_env_file=None, **chosen)


async def test_without_a_mail_server_letters_are_files_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "mail"
    way = transport_of(settings(mail_folder=folder))
    assert isinstance(way, FileTransport)
    assert await way.prepare() is None
    assert [await way.deliver(LETTER) for _ in range(2)] == [TAKEN, TAKEN]
    await way.close()
    [file] = folder.iterdir()
    assert (file.name, file.read_bytes()) == ("42.eml", LETTER.data)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_folder_that_cannot_be_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = await FileTransport(tmp_path / "file" / "mail").prepare()
    assert outcome is not None
    assert (outcome.kind, outcome.code) == ("later", "folder_not_writable")
    late = await FileTransport(tmp_path / "gone").deliver(LETTER)
    assert (late.kind, late.code) == ("later", "folder_not_writable")


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_a_mail_server_is_verified_wherever_there_is_tls(security: str, port: int) -> None:
    way = transport_of(settings(smtp_host="mail.test", smtp_security=security))
    assert isinstance(way, SmtpTransport)
    assert way._server.port == port
    context = way._server.context
    assert (context is None) == (security == "none")
    if context is not None:
        assert context.check_hostname
        assert context.verify_mode == ssl.CERT_REQUIRED


def test_without_a_sender_files_come_from_nobody() -> None:
    assert sender_of(settings()).address == NOBODY
    chosen = settings(mail_from="no-reply@bücher.test", mail_unsubscribe_to="leave@mail.test")
    assert sender_of(chosen)[:] == ("no-reply@xn--bcher-kva.test", None, "leave@mail.test")


@pytest.mark.parametrize(
    ("chosen", "named"),
    [
        ({"smtp_host": "m.test"}, "MAIL_FROM"),
        ({"mail_from": "nobody"}, "MAIL_FROM"),
        ({"mail_from": "josé@mail.test"}, "MAIL_FROM"),
        ({"mail_unsubscribe_to": "a@b\r\nc"}, "MAIL_UNSUBSCRIBE_TO"),
        ({"smtp_ca_file": "/nowhere/ca.pem"} | SERVER, "SMTP_CA_FILE"),
        ({"smtp_password": SecretStr("engine"), "smtp_security": "none"} | SERVER, "SMTP_SECURITY"),
    ],
)
def test_what_cannot_be_is_refused_with_the_settings_name(
    chosen: dict[str, Any], named: str
) -> None:
    wrong = settings(**chosen)
    with pytest.raises(MailSettingsError, match=f"COURSEMARK_{named}") as refused:
        _ = sender_of(wrong), transport_of(wrong)
    assert explain(refused.value).exit_code == SETTINGS
    assert "engine" not in str(refused.value)
