"""The one place where failures become sentences and exit codes."""

import logging
import os
import sys
import traceback
from typing import NamedTuple

NEGATIVE, USAGE, NO_RESULT = 1, 2, 3
UNAVAILABLE, INTERNAL, SETTINGS = 69, 70, 78
"""As sysexits.h has them."""
INTERRUPTED = 130
"""Ctrl-C, as shells have it."""

_EXITS = {
    "cursor_of_another_search": USAGE,
    "data_folder_not_ours": SETTINGS,
    "invalid_criteria": USAGE,
    "invalid_cursor": USAGE,
    "dates_reversed": USAGE,
    "endpoint_disabled": NEGATIVE,
    "export_differs": USAGE,
    "folder_unusable": USAGE,
    "invalid_id": USAGE,
    "log_differs": NEGATIVE,
    "lrs_address_wrong": USAGE,
    "lrs_refuses_us": SETTINGS,
    "message_too_large": SETTINGS,
    "no_result": NO_RESULT,
    "no_slot_left": NEGATIVE,
    "not_skipped": NEGATIVE,
    "not_stopped_there": NEGATIVE,
    "parquet_missing": SETTINGS,
    "poison_event": INTERNAL,
    "projection_stopped": INTERNAL,
    "run_differs": USAGE,
    "run_name_wrong": USAGE,
    "secret_wrong": USAGE,
    "server_missing": SETTINGS,
    "statement_conflict": NEGATIVE,
    "statement_refused": NEGATIVE,
    "too_large": NEGATIVE,
    "too_many_endpoints": NEGATIVE,
    "too_many_tags": NEGATIVE,
    "topic_is_ours": USAGE,
    "topic_name_wrong": USAGE,
    "template_wrong": NEGATIVE,
    "topic_not_created": SETTINGS,
    "unknown_course": USAGE,
    "unknown_endpoint": USAGE,
    "unknown_operation": USAGE,
    "unknown_person": USAGE,
    "unknown_school": USAGE,
    "unknown_type": USAGE,
    "unknown_view": USAGE,
    "unreadable": UNAVAILABLE,
    "url_refused": USAGE,
    "view_version": NEGATIVE,
    "wrong_settings": SETTINGS,
    "xapi_home_missing": SETTINGS,
}
"""By code; any other code means that a server is not there, or not as it should be."""

_AWAY = "check that it runs and that COURSEMARK_{} points to it."


class CommandError(Exception):
    """A command cannot go on; the text is a sentence that says what to do."""

    code = "command_failed"
    exit_code = NEGATIVE


class WrongSettingsError(CommandError):
    """``wrong_settings``: what the environment, .env or an option says cannot be used."""

    code = "wrong_settings"
    exit_code = SETTINGS


class Explained(NamedTuple):
    """A failure for a person and for a script."""

    code: str
    sentence: str
    exit_code: int


def report(error: BaseException) -> int:
    """Say on stderr what happened and what to do; returns the exit code.

    The traceback is for COURSEMARK_LOG_LEVEL=DEBUG alone.
    """
    cause = _first(error)
    code, sentence, exit_code = explain(cause)
    if _debugging():
        traceback.print_exception(cause)
    sys.stderr.write(f"coursemark: {sentence} [{code}]\n")
    return exit_code


def explain(error: BaseException) -> Explained:
    """What an error means; one that nobody foresaw is a fault of ours."""
    code = getattr(error, "code", None)
    if isinstance(error, CommandError):
        return Explained(error.code, str(error), error.exit_code)
    if isinstance(status := getattr(error, "status", None), int) and isinstance(code, str):
        return Explained(code, str(error), _of_status(status, code))
    if isinstance(code, str) and type(error).__module__.startswith(("services.", "contracts.")):
        return Explained(code, str(error), _EXITS.get(code, UNAVAILABLE))
    return _of_a_library(error) or Explained(
        "internal_error",
        f"A fault of Coursemark: {type(error).__name__}: {error}. "
        "Set COURSEMARK_LOG_LEVEL=DEBUG to see where, and report it.",
        INTERNAL,
    )


def _of_status(status: int, code: str) -> int:
    """Of what an API answers, and did not carry out."""
    match status:
        case 400:
            return USAGE
        case 401:
            return SETTINGS
        case 429 | 500 | 502 | 503 | 504:
            return UNAVAILABLE
        case _:
            return _EXITS.get(code, NEGATIVE)


def _of_a_library(error: BaseException) -> Explained | None:
    """What the database's and Kafka's own clients raise; they are loaded where they failed."""
    package = type(error).__module__.partition(".")[0]
    name = f"{type(error).__name__}: {error}"
    if package == "asyncpg":
        return _of_postgres(error, name)
    if package in {"aiokafka", "kafka"}:
        return Explained("kafka_failed", f"Kafka: {name}; {_AWAY.format('KAFKA')}", UNAVAILABLE)
    if isinstance(error, OSError):
        return Explained("file_or_network", f"{error}.", UNAVAILABLE)
    return None


def _of_postgres(error: BaseException, name: str) -> Explained:
    import asyncpg

    if isinstance(error, asyncpg.UndefinedTableError | asyncpg.InvalidSchemaNameError):
        sentence = "The database has no tables of this version; start the parts once, they make it."
        return Explained("schema_missing", sentence, UNAVAILABLE)
    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        return Explained("wrong_settings", f"PostgreSQL refuses us ({name}).", SETTINGS)
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return Explained("wrong_settings", f"PostgreSQL: {error}; create it first.", SETTINGS)
    return Explained("database_failed", f"PostgreSQL: {name}; {_AWAY.format('DATABASE')}", 69)


def _first(error: BaseException) -> BaseException:
    """Of errors that came together, the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _debugging() -> bool:
    level = os.environ.get("COURSEMARK_LOG_LEVEL", "")
    return level == "DEBUG" or logging.getLogger().isEnabledFor(logging.DEBUG)
