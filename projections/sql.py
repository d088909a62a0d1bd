"""A projection's SQL by name: ``statement("projections.progress", "queries/latest")``."""

from functools import cache
from importlib.resources import files


@cache
def statement(package: str, name: str) -> str:
    """The text of ``<name>.sql`` in a package's folder.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return (files(package) / f"{name}.sql").read_text("utf-8")
