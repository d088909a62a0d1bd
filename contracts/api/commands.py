"""Commands that are on their way."""

from pydantic import Field

from ..fields import CommandId
from ..model import Contract


class Taken(Contract):
    """The command is on its way; ``result``: where its result will be."""

    command_id: CommandId
    result: str = Field(description="Where the result will be.")
    operation: str | None = Field(
        None, description="Where the operation is, of a command about one."
    )
