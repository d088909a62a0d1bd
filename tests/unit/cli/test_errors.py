"""Every failure becomes a sentence and an exit code that a script can use; never a traceback."""

from __future__ import annotations

import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError

from contracts.client import UnreadableError
from services.cli.errors import WrongSettingsError, explain, report
from services.projector.errors import RebuildRunningError, UnknownViewError
from services.runtime.addresses import NotRunningError
from services.runtime.alone import FolderInUseError
from services.runtime.bus.outbox import OutboxError, TooLargeError
from services.runtime.bus.provision import TopicError
from services.runtime.embedded import ServerError
from services.runtime.patience import OutOfPatienceError
from services.runtime.supervisor import GaveUpError
from services.store.pool import DatabaseUnreachableError

KNOWN = [
    (OutOfPatienceError("gone"), "server_away", 69),
    (DatabaseUnreachableError("gone"), "database_unreachable", 69),
    (TopicError("kafka_unreachable", "gone"), "kafka_unreachable", 69),
    (TopicError("topic_not_created", "no"), "topic_not_created", 78),
    (OutboxError("gone"), "kafka_unreachable", 69),
    (TooLargeError("set its max.message.bytes"), "message_too_large", 78),
    (NotRunningError("nothing runs"), "not_running", 69),
    (FolderInUseError("in use"), "data_folder_in_use", 69),
    (GaveUpError("dies"), "keeps_dying", 69),
    (ServerError("server_missing", "It is not here.", "Install it."), "server_missing", 78),
    (WrongSettingsError("no"), "wrong_settings", 78),
    (UnreadableError(200), "unreadable", 69),
    (UnknownViewError("none"), "unknown_view", 2),
    (RebuildRunningError("wait"), "rebuild_running", 69),
    (asyncpg.UndefinedTableError("relation"), "schema_missing", 69),
    (asyncpg.InvalidPasswordError("wrong"), "wrong_settings", 78),
    (asyncpg.InvalidCatalogNameError("no such database"), "wrong_settings", 78),
    (KafkaConnectionError("gone"), "kafka_failed", 69),
    (ConnectionRefusedError("refused"), "file_or_network", 69),
    (KeyError("what"), "internal_error", 70),
]


@pytest.mark.parametrize(("error", "code", "exit_code"), KNOWN, ids=lambda it: type(it).__name__)
def test_an_error_has_a_code_and_an_exit_code(error: Exception, code: str, exit_code: int) -> None:
    explained = explain(error)
    assert (explained.code, explained.exit_code) == (code, exit_code)


def test_of_errors_that_came_together_the_first_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    errors = ExceptionGroup("several", [ExceptionGroup("inner", [OutOfPatienceError("gone")])])
    assert report(errors) == 69
    assert capsys.readouterr().err == "coursemark: gone [server_away]\n"


def test_a_traceback_is_for_debugging_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = KeyError("what")
    report(error)
    assert "Traceback" not in (said := capsys.readouterr().err)
    assert "COURSEMARK_LOG_LEVEL=DEBUG" in said
    monkeypatch.setenv("COURSEMARK_LOG_LEVEL", "DEBUG")
    report(error)
    assert "KeyError: 'what'\n" in capsys.readouterr().err
