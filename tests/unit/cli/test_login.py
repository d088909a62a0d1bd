"""Where the command line's token for an API is kept: the environment, then a keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keyring
import pytest
from keyring.backends import fail

from services.cli.errors import WrongSettingsError
from services.cli.stack import token
from services.runtime.settings import Settings
from tests.support import keyrings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.keyrings import Memory

SERVER = "https://api.example"


@pytest.fixture(name="memory")
def _memory() -> Iterator[Memory]:
    with keyrings.memory() as made:
        yield made


def settings(**more: Any) -> Settings:
    return Settings(_env_file=None, **more)


def test_a_token_is_kept_for_each_server_and_that_of_the_environment_goes_before(
    memory: Memory,
) -> None:
    token.keep(f"{SERVER}/", "cm_kept")
    assert memory.held == {("coursemark", SERVER): "cm_kept"}
    assert token.token_of(SERVER, settings()) == "cm_kept"
    assert token.token_of(SERVER, settings(token="cm_given")) == "cm_given"  # noqa: S106
    with pytest.raises(WrongSettingsError, match=r"no token for https://other\.example"):
        token.token_of("https://other.example", settings())
    assert token.forget(SERVER)
    assert not token.forget(SERVER)  # none is kept any more, which is no error
    with pytest.raises(WrongSettingsError, match="coursemark login"):
        token.token_of(SERVER, settings())


def test_a_machine_without_a_keyring_says_what_to_do(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_keyring(fail.Keyring())
    for use in (lambda: token.keep(SERVER, "cm_x"), lambda: token.token_of(SERVER, settings())):
        with pytest.raises(token.NoKeyringError, match="set COURSEMARK_TOKEN"):
            use()
    monkeypatch.setattr(token, "has_keyring", lambda: False)
    with pytest.raises(WrongSettingsError, match="COURSEMARK_TOKEN"):
        token.token_of(SERVER, settings())
    with pytest.raises(token.NoKeyringError, match=r"coursemark\[keyring\]"):
        token.keep(SERVER, "cm_x")
    assert not memory.held
