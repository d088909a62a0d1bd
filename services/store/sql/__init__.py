"""SQL by name: ``query("append")`` is the text of ``append.sql``."""

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return (files(__name__) / f"{name}.sql").read_text("utf-8")
