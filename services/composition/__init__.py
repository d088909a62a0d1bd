"""The composition root: each running part, built from the settings and run until it is stopped.

A part is a module here, and is imported when it is run: so no process holds what another needs.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its name, and what it does.

    ``gives_way``: its niceness, from 0, on a machine that it shares: first whoever answers and
    whoever keeps views, then operations, then those that tell others what has happened.
    """

    name: str
    about: str
    gives_way: int = 0

    async def __call__(
        self, settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits
    ) -> None:
        """Run it until ``stop`` is set; it tells when it is at work."""
        module = import_module(f"{__name__}.{self.name.replace('-', '_')}")
        await module.run(settings, stop, ready)


_PARTS = (
    Part("command-worker", "Carries out commands."),
    Part("operations", "Carries out operations over many learners, chunk by chunk.", 5),
    Part("scheduler", "Begins the operations of schedules, and warns whose completions fall due."),
    Part("reference-data", "Takes in the catalog and the directory."),
    Part("projector", "Keeps the views."),
    Part("publisher", "Sends what follows the log to Kafka; asks for new evaluations.", 10),
    Part("learning-programs", "Awards learning programmes to who has completed their courses."),
    Part(
        "webhook-dispatcher", "Delivers webhooks and Zaps to the endpoints that ask for them.", 10
    ),
    Part("mailer", "Sends e-mails, at most one for an attempt.", 10),
    Part("api", "Answers administrators and integrators over HTTP."),
    Part("zapier", "Answers Zapier over HTTP, and requests to unsubscribe from e-mails."),
)

RUNS: Mapping[str, Part] = MappingProxyType({part.name: part for part in _PARTS})
"""How each part is run, by its name."""
