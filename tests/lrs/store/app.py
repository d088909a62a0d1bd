"""Ralph's own application, in its own environment: ``uvicorn app:app``.

Ralph 5.1 writes to a file system as if each request made a new file, and so answers every write
after the first with 500. Its backend can append, and is told to here; nothing else is changed.
"""

from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend

FSLRSBackend.default_operation_type = BaseOperationType.APPEND

from ralph.api import app  # noqa: E402 - it makes the backend while it is imported

__all__ = ["app"]
