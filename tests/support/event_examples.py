"""The examples of each type of event, as the contracts' own tests keep them."""

from __future__ import annotations

from pathlib import Path

import orjson

from contracts import registry

FOLDER = Path(__file__).parents[1] / "contracts" / "examples"


def _of(name: str) -> list[bytes]:
    found = orjson.loads((FOLDER / f"{name}.json").read_bytes())
    return [orjson.dumps(it) for it in found]


EXAMPLES_OF = {name: _of(name) for name in registry.EVENTS}
"""Bodies by declared name."""
