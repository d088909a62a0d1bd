"""The token for an API: of the environment, or of the system's keyring."""

from collections.abc import Callable
from typing import Any, TypeVar

from services.cli.errors import SETTINGS, CommandError, WrongSettingsError
from services.runtime.settings import Settings

T = TypeVar("T")
SERVICE = "coursemark"
"""Under which a keyring keeps it, the API's address being the user."""


class NoKeyringError(CommandError):
    """``no_keyring``: there is none on this machine, or it cannot be opened."""

    code = "no_keyring"
    exit_code = SETTINGS


def token_of(server: str, settings: Settings) -> str:
    """The token.

    Raises:
        WrongSettingsError: there is none.
        NoKeyringError: it might be in a keyring, which cannot be opened.
    """
    if settings.token is not None:
        return settings.token.get_secret_value()
    found = kept(server) if has_keyring() else None
    if found is None:
        raise WrongSettingsError(
            f"There is no token for {server}: set COURSEMARK_TOKEN to one that `coursemark tokens "
            "create` made, or keep it with `coursemark login`."
        )
    return found


def has_keyring() -> bool:
    """Whether the library for it is installed."""
    from importlib.util import find_spec

    return find_spec("keyring") is not None


def kept(server: str) -> str | None:
    """The token that is kept for an API.

    Raises:
        NoKeyringError: the keyring cannot be opened.
    """
    found: str | None = _opened(lambda keyring: keyring.get_password(SERVICE, _named(server)))
    return found


def keep(server: str, token: str) -> None:
    """Keep a token.

    Raises:
        NoKeyringError: the keyring cannot be opened.
    """
    _opened(lambda keyring: keyring.set_password(SERVICE, _named(server), token))


def forget(server: str) -> bool:
    """Keep it no longer; false: none was kept.

    Raises:
        NoKeyringError: the keyring cannot be opened.
    """
    if kept(server) is None:
        return False
    _opened(lambda keyring: keyring.delete_password(SERVICE, _named(server)))
    return True


def _named(server: str) -> str:
    return server.rstrip("/")


def _opened(use: Callable[[Any], T]) -> T:
    if not has_keyring():
        raise NoKeyringError(
            "Keyrings need a library: pip install 'coursemark[keyring]', or set COURSEMARK_TOKEN."
        )
    import keyring
    from keyring.errors import KeyringError

    try:
        return use(keyring)
    except KeyringError as error:
        raise NoKeyringError(
            f"The system's keyring cannot be used ({type(error).__name__}); set COURSEMARK_TOKEN."
        ) from None
