"""How a run in several processes (``pytest -n 2``) shares out its tests: whole files.

A file's tests stay together, because they share what they were given once: a database, parts
that run, records that were sent. The files come in the order of the collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

TOGETHER = "tests/integration/cli/"
"""These share one running Coursemark, which costs even where it waits: one process has them."""


class ByFile(LoadScopeScheduling):
    """Gives a process the next file when it has come to the end of one."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        config.option.loadscopereorder = False  # which would put files with few tests last
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return TOGETHER if file.startswith(TOGETHER) else file
