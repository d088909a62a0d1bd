"""Promise: a view is a folder and a line; a folder that is none is told from one that is."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from projections import registry
from projections.progress import PROGRESS
from projections.registry import PROJECTIONS, projection_of
from projections.sql import statement

if TYPE_CHECKING:
    from projections.definition import Projection


def test_every_line_names_a_folder_with_its_projection() -> None:
    names = [it.name for it in PROJECTIONS]
    assert names == [it.package.removeprefix("projections.") for it in PROJECTIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda it: it.name)
def test_the_folder_has_every_statement_that_the_projector_may_ask_for(
    projection: Projection[object],
) -> None:
    wanted = ["tables", *(it.add for it in projection.totals)]
    wanted += [f"load_{it.name}" for it in projection.tables]
    wanted += [it.put for it in projection.tables if it.put is not None]
    wanted += ["strays"] if projection.tables else []
    wanted += ["streams_of_course"] if projection.courses else []
    assert all(statement(projection.package, name).strip() for name in wanted)


@pytest.mark.parametrize(
    ("defined", "saying"),
    [({}, "not none"), ({"A": PROGRESS}, "not progress"), ({"A": PROGRESS, "B": PROGRESS}, "not")],
)
def test_a_folder_with_no_projection_or_another_is_refused(
    monkeypatch: pytest.MonkeyPatch, defined: dict[str, object], saying: str
) -> None:
    module = ModuleType("projections.tally")
    vars(module).update(defined)
    monkeypatch.setattr(registry, "import_module", lambda _name: module)
    with pytest.raises(LookupError, match=f"must define one projection, tally, {saying}"):
        projection_of("tally")
