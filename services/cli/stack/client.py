"""A client of an API with what the settings say."""

from contracts.client import AsyncClient
from services.cli.errors import WrongSettingsError


def client_of(server: str, token: str) -> AsyncClient:
    """The client.

    Raises:
        WrongSettingsError: the address or the token is none.
    """
    try:
        return AsyncClient(server, token)
    except ValueError as error:
        said = str(error)
        raise WrongSettingsError(f"{said[0].upper()}{said[1:]}.") from None
