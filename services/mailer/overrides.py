"""Templates that schools write in place of the packaged ones."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from contracts.notifications import CompletionNotice, EndpointDisabled
from services.mailer.rendering import Rendered, Template, TemplateProblemError, check, render
from services.mailer.sql import query
from services.mailer.variables import Kind, Notice, values

SAMPLES: dict[Kind, Notice] = {
    "completion": CompletionNotice(
        school="riverside",
        learner="u-1204",
        course="biology-1",
        course_title="Biology I <cells & tissues>",
        attempt=2,
        event_id="riverside/u-1204/biology-1@14",
        completed_at=datetime(2024, 5, 31, 9, 30, tzinfo=UTC),
        average_score=87.5,
        manually_completed=True,
    ),
    "endpoint_disabled": EndpointDisabled(
        school="riverside",
        endpoint="ep-1",
        cause="failing",
        failing_since=datetime(2024, 5, 28, 9, 30, tzinfo=UTC),
        disabled_at=datetime(2024, 5, 31, 9, 30, tzinfo=UTC),
    ),
}
"""What a preview is filled in with."""
_TOKEN = UUID(int=0)


class Override(NamedTuple):
    """A school's template; ``problem`` is why the packaged one was last taken instead."""

    kind: Kind
    language: str
    template: Template
    changed_at: datetime
    problem: str | None
    problem_at: datetime | None


class Overrides:
    """Reads and writes."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def put(
        self, school: str, kind: Kind, language: str, template: Template, now: datetime
    ) -> None:
        """Keep a template, when it can be used.

        Raises:
            TemplateProblemError: it cannot; the text says why, with lines.
        """
        problems = check(kind, template)
        if problems:
            raise TemplateProblemError("\n".join(map(str, problems)))
        preview(kind, template, school, None)
        tag = language.lower()
        await self._pool.execute(query("template_put"), school, kind, tag, *template, now)

    async def remove(self, school: str, kind: Kind, language: str) -> bool:
        """The packaged template again; False where there was none of the school's."""
        removed = await self._pool.fetchval(
            query("template_remove"), school, kind, language.lower()
        )
        return removed is not None

    async def of_school(self, school: str) -> list[Override]:
        """All that the school has."""
        rows = await self._pool.fetch(query("template_list"), school)
        return [Override(row[0], row[1], Template(*row[2:5]), *row[5:]) for row in rows]

    async def school_name(self, school: str) -> str | None:
        """What the school is called."""
        name: str | None = await self._pool.fetchval(query("school_name"), school)
        return name


def preview(kind: Kind, template: Template, school: str, school_name: str | None) -> Rendered:
    """A template filled in with a made-up notice.

    Raises:
        TemplateProblemError: it cannot be.
    """
    notice = SAMPLES[kind].model_copy(update={"school": school})
    url = f"https://learn.example/mail/unsubscribe/{_TOKEN}"
    filled = values(notice, name="Ada Byron", school_name=school_name, unsubscribe_url=url)
    return render(kind, template, filled)
