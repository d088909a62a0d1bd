"""Schemathesis over the whole document, briefly; `make schemathesis` is the long run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.api.app import application
from tests.api_proof.asking import PARTS, UNBOUND, schemathesis
from tests.api_proof.school import furnished
from tests.integration.api.conftest import serving

if TYPE_CHECKING:
    from pathlib import Path


BOUNDS = ("--phases", "examples,fuzzing", "--max-examples", "5", "--seed", "1")


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_no_answer_is_a_fault_or_another_than_the_document_says(
    embedded_kafka: str, database_url: str, topic_prefix: str, tmp_path: Path
) -> None:
    async with (
        serving(embedded_kafka, database_url, topic_prefix, *PARTS, **UNBOUND) as api,
    ):
        printed = await schemathesis(api, await furnished(api), tmp_path / "printed.txt", *BOUNDS)
    assert printed.returncode == 0, "\n".join(printed.lines)
    operations = sum(len(path) for path in application().openapi()["paths"].values())
    assert f"  Tested: {operations}" in printed.lines
