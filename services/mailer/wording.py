"""The words of an e-mail: the school's own where they can be used, else the packaged ones."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import asyncpg

from services.mailer.languages import chain, packaged
from services.mailer.rendering import Rendered, Template, TemplateProblemError, render
from services.mailer.sql import query
from services.mailer.variables import Kind, Value

log = logging.getLogger(__name__)


class Worded(NamedTuple):
    """The words, and whose they are: ``school:pt-br`` or ``packaged:en``."""

    rendered: Rendered
    template: str


class Wording:
    """Finds and fills in templates."""

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    async def word(
        self,
        school: str,
        kind: Kind,
        languages: tuple[str | None, ...],
        values: Mapping[str, Value],
    ) -> Worded:
        """The words in the first language that there is; a broken template is passed over."""
        tags = chain(*languages)
        rows = await self._pool.fetch(query("templates_of"), school, kind, list(tags))
        own = {row[0]: Template(*row[1:]) for row in rows}
        for tag in tags:
            if tag in own:
                try:
                    return Worded(render(kind, own[tag], values), f"school:{tag}")
                except TemplateProblemError as error:
                    await self._broken(school, kind, tag, str(error))
            default = packaged(kind, tag)
            if default is not None:
                return Worded(render(kind, default, values), f"packaged:{tag}")
        raise TypeError(f"there is no packaged template of {kind} in any of {tags}")

    async def _broken(self, school: str, kind: Kind, tag: str, problem: str) -> None:
        """Written down for the school's administrators, who see it in the list of templates."""
        log.warning("%s: the template %s in %s cannot be used", school, kind, tag)
        await self._pool.execute(
            query("template_broken"), school, kind, tag, problem, self._clock()
        )
