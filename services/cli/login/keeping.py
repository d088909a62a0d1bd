"""A token tried before it is kept."""

from contracts.api.me import Me
from services.cli.stack.client import client_of


async def whose(server: str, token: str) -> Me:
    """Whose it is.

    Raises:
        WrongSettingsError: the address or the token is none.
        ClientError: the token is not valid, or the API does not answer.
    """
    async with client_of(server, token) as client:
        return await client.me()
