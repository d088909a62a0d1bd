"""The options of `coursemark policies set` (B3, B4)."""

from __future__ import annotations

import pytest
import typer

from services.cli.policies.changes import limit, reasons_of


def test_a_limit_is_a_number_or_none() -> None:
    assert limit("four_eyes_above", "0") == 0
    assert limit("four_eyes_above", "100") == 100
    assert limit("four_eyes_above", "none") is None


@pytest.mark.parametrize("text", ["-1", "", "1.5", "a week", "²", "99999999999"])
def test_what_is_no_limit_is_refused_by_its_option(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="a whole number from 0, or none") as refused:
        limit("max_backdating_days", text)
    assert refused.value.param_hint == "--max-backdating-days"


def test_reasons_are_named_or_any() -> None:
    assert reasons_of(["any"]) is None
    assert reasons_of(["tested_out", "migration", "tested_out"]) == {"tested_out", "migration"}


@pytest.mark.parametrize("texts", [["bored"], ["tested_out", "any"], [""]])
def test_an_unknown_reason_is_refused(texts: list[str]) -> None:
    with pytest.raises(typer.BadParameter, match="one of tested_out, "):
        reasons_of(texts)
