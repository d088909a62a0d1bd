"""A token tried before it is kept."""

from contracts.api.me import Me
from contracts.client import AsyncClient
from services.cli.errors import WrongSettingsError


async def whose(server: str, token: str) -> Me:
    """Whose it is.

    Raises:
        WrongSettingsError: it is no address.
        ClientError: the token is not valid, or the API does not answer.
    """
    try:
        client = AsyncClient(server, token)
    except ValueError as error:
        raise WrongSettingsError(f"--server: {error}.") from None
    async with client:
        return await client.me()
