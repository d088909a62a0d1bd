"""SQL by name: the projector's own, and a projection's."""

from functools import cache
from importlib.resources import files


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)


@cache
def statement(package: str, name: str) -> str:
    """The text of ``<name>.sql`` in a projection's folder.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return (files(package) / f"{name}.sql").read_text("utf-8")
