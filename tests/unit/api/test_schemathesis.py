"""What Schemathesis is told names what the API's document has: a renamed parameter is seen."""

from __future__ import annotations

import tomllib

from services.api.app import application
from tests.api_proof.asking import CONFIG


def test_each_id_of_a_path_that_is_named_is_one_of_the_document() -> None:
    told = tomllib.loads(CONFIG.read_text("utf-8"))["parameters"]
    named = {it.partition(".")[2] for it in told if it.startswith("path.")}
    paths = application().openapi()["paths"].values()
    known = {
        it["name"]
        for path in paths
        for operation in path.values()
        for it in operation.get("parameters", ())
        if it["in"] == "path"
    }
    assert named
    assert named <= known
