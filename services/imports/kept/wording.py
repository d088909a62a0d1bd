"""What is told over HTTP, whose fields are the command line's options under other names."""

import re
from collections.abc import Mapping

from contracts.api.imports import ImportChoices, RunImport
from services.imports.obstacles import Obstacle

GONE = "The file is deleted: it is kept for a day, and not after it was imported; send it again."
WHY_NOT: Mapping[Obstacle, str] = {
    "file_unusable": "The file has to be corrected first; see its problems, and send it again.",
    "has_problems": "Some lines have problems: correct them and send the file again, or leave "
    "them out with `skip_invalid`.",
    "nothing_to_import": "No line is left to import.",
}
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
_FIELD = re.compile(f"`({'|'.join({**ImportChoices.model_fields, **RunImport.model_fields})})`")


def for_http(sentence: str) -> str:
    """The sentence, its options of the command line as the fields that they are over HTTP."""
    return _OPTION.sub(lambda it: f"`{it[1].replace('-', '_')}`", sentence)


def for_command_line(sentence: str) -> str:
    """The same the other way round."""
    return _FIELD.sub(lambda it: f"--{it[1].replace('_', '-')}", sentence)
