"""SQL about imports that are kept: ``query("read")`` is the text of ``read.sql``."""

from projections.sql import statement


def query(name: str) -> str:
    """The text of ``<name>.sql`` in this folder."""
    return statement(__name__, name)
