"""The golden JSON Schema of every registered type, in JSON Schema 2020-12.

``python -m contracts.schema`` writes ``schemas/<type name>.json`` beside this module, or into
a folder that is named. A schema says what may be sent; rules between fields (each activity
once, no circle of prerequisites) stand in the descriptions and are held by the models.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from .registry import ALL

FOLDER = Path(__file__).parent / "schemas"
"""Where the golden files are checked in."""


class Untitled(GenerateJsonSchema):
    """Leaves out the titles that pydantic derives from field names: they say nothing new."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # inherited
        """Never."""
        return False


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of a declared type, complete in itself.

    Raises:
        KeyError: no type of that name is registered.
    """
    body = ALL[name].model_json_schema(schema_generator=Untitled, mode="validation")
    urn = f"urn:{name.replace('.', ':', 1)}"  # urn:coursemark:commands.mark_complete.v1
    head = {"$schema": Untitled.schema_dialect, "$id": urn, "title": name}
    return head | body | {"title": name}


def text_of(name: str) -> str:
    """The golden file of a declared type, as it is checked in."""
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every golden file; returns their paths in the order of the registry.

    A file whose type is gone is left for a person to judge: readers may still need it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.json" for name in ALL]
    for path, name in zip(paths, ALL, strict=True):
        path.write_text(text_of(name), encoding="utf-8")
    return paths


def main(arguments: Sequence[str]) -> None:
    """Write the golden files into the folder that is named, or where they are checked in."""
    folder = Path(arguments[0]) if arguments else FOLDER
    sys.stdout.write(f"{len(write(folder))} schemas written to {folder}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
