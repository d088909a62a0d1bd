"""Which failures pass by themselves: the database is away, restarts, or is out of room for us."""

import asyncpg

PASSING = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # its own state, after PostgreSQL has ended a session under it
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,  # a deadlock, or what cannot be serialised
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


def passes(error: Exception) -> bool:
    """Whether the same work may succeed a moment later.

    What asyncpg cannot encode is an ``InterfaceError`` too, and a ``ValueError`` besides: that
    stays as it is however often it is tried.
    """
    return isinstance(error, PASSING) and not isinstance(error, ValueError)
