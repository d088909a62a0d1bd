"""A client of the API under ``/v1``, blocking and for asyncio; it needs httpx.

As ``coursemark_contracts.client`` it comes with ``coursemark-contracts[client]``.
"""

from .asynchronous import AsyncClient
from .problems import (
    ClientError,
    NoResultError,
    ProblemError,
    RejectedError,
    UnreachableError,
    UnreadableError,
    WrongTokenError,
)
from .retrying import Retries
from .sync import Client

__all__ = [
    "AsyncClient",
    "Client",
    "ClientError",
    "NoResultError",
    "ProblemError",
    "RejectedError",
    "Retries",
    "UnreachableError",
    "UnreadableError",
    "WrongTokenError",
]
