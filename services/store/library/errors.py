"""asyncpg's errors as the library's."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from eventsourcing.persistence import IntegrityError, OperationalError, PersistenceError


@contextmanager
def translated() -> Iterator[None]:
    """Raise the library's error for asyncpg's."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(error) from error
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError) as error:
        raise OperationalError(error) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise PersistenceError(error) from error
