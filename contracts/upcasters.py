"""Old versions of a type, read as the newest, one step at a time.

A step takes the JSON object of one version and gives that of the next. Steps are applied
at the read edge, so that the rest of the code knows the newest versions alone.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pydantic_core

Step = Callable[[dict[str, Any]], dict[str, Any]]
Steps = Mapping[str, tuple[str, Step]]

STEPS: Steps = {}
"""Name of a version → name of the next version and the step to it. No type has two yet."""


class UpcastError(ValueError):
    """A step that does not lead from a version to the next of the same type."""


def check(steps: Steps) -> None:
    """Refuse steps that change the type, or do not raise its version by one."""
    for old, (new, _) in steps.items():
        base, version = _split(old)
        if _split(new) != (base, version + 1):
            raise UpcastError(f"the step from {old} leads to {new}, not to {base}.v{version + 1}")


def newest(name: str, steps: Steps = STEPS) -> str:
    """The name of a type's newest version."""
    while name in steps:
        name, _ = steps[name]
    return name


def upcast(name: str, data: bytes, steps: Steps = STEPS) -> tuple[str, bytes]:
    """Bring a JSON body to its newest version; returns its name and body then."""
    if name not in steps:
        return name, data
    body: dict[str, Any] = pydantic_core.from_json(data)
    while name in steps:
        name, step = steps[name]
        body = step(body)
    return name, pydantic_core.to_json(body)


def _split(name: str) -> tuple[str, int]:
    base, _, version = name.rpartition(".v")
    if not base or not version.isdecimal():
        raise UpcastError(f"{name} does not end in a version such as .v1")
    return base, int(version)
