"""A file is sent piece by piece, whole each time that it is sent (B8)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from contracts.client import bodies
from tests.unit.client.conftest import answer, problem

if TYPE_CHECKING:
    import pytest

    from tests.unit.client.conftest import Asker

CONTENT = b"learner,course\n" * 100
TAKEN = {"id": "i-1", "status": "/v1/imports/i-1"}


def test_a_file_is_sent_from_its_beginning_again(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "PIECE", 64)
    asker.server.say = [problem(503, "server_away"), answer(202, TAKEN)]
    file = io.BytesIO(CONTENT)
    file.seek(10)
    asker.run(lambda client: client.upload_import(file, key="i-1"))
    assert [it.content for it in asker.server.heard] == [CONTENT, CONTENT]
    for it in asker.server.heard:
        assert it.headers["content-length"] == str(len(CONTENT))
        assert it.headers["content-type"] == "application/octet-stream"
        assert "transfer-encoding" not in it.headers
    assert not file.closed


def test_a_file_is_read_in_small_pieces(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PIECE", 64)
    asker.server.say = [answer(202, TAKEN)]
    longest = 0

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            nonlocal longest
            longest = max(longest, len(CONTENT) if size in {None, -1} else size or 0)
            return super().read(size)

    asker.run(lambda client: client.upload_import(Watched(CONTENT)))
    assert longest == 64
