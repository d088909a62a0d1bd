"""All views there are: a new one is a folder, and its name on a line here."""

from importlib import import_module
from typing import Any

from projections.definition import Projection

_FOLDERS = (
    "progress",
    "events_log",
    "reports",
    "insights",
    "search",
    "programs",
    "certificates",
)


def projection_of(folder: str) -> Projection[Any]:
    """The projection that a folder defines, which has the folder's name.

    Raises:
        LookupError: it defines none, several, or one of another name.
    """
    module = import_module(f"projections.{folder}")
    defined = [it for it in vars(module).values() if isinstance(it, Projection)]
    if [it.name for it in defined] != [folder]:
        names = ", ".join(it.name for it in defined) or "none"
        raise LookupError(f"projections/{folder} must define one projection, {folder}, not {names}")
    return defined[0]


PROJECTIONS: tuple[Projection[Any], ...] = tuple(map(projection_of, _FOLDERS))
"""In the order in which they are shown."""
