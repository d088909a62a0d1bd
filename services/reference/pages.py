"""Which pages there are, and what writes each."""

from collections.abc import Callable, Mapping
from pathlib import Path

from services.api import documenting
from services.cli import reference as command_line
from services.reference import api, messages, settings
from services.runtime import asyncapi

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
"""In a checkout."""

PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": command_line.reference,
    "settings.md": settings.settings,
    "commands.md": messages.commands,
    "events.md": messages.events,
    "api.md": api.api,
    "openapi.json": documenting.text,
    "asyncapi.json": asyncapi.text,
}
