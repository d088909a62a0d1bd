"""Schedules over HTTP."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import uuid4

import orjson
from pydantic import ValidationError

from contracts.api.schedules import ScheduleShown
from contracts.client import ProblemError, RejectedError, UnreadableError
from contracts.client.calls import school as calls
from contracts.client.calls.commands import WAIT
from services.cli.operations.sending import RefusedError
from services.cli.stack.paging import page
from services.cli.stack.schedules.port import (
    SHOWN,
    Dues,
    ExistsError,
    Looked,
    Many,
    UnknownScheduleError,
)
from services.cli.stack.session import NOT_FOUND, PAGE, Session, can_be_ids, first
from services.domain.schedules import Schedule
from services.store.schedules import Kept, Slot
from services.views.due.asking import DueRequest, read

_OK = 200


class RemoteSchedules:
    """``Schedules``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    async def all(self, school: str) -> Sequence[Kept]:
        """All of them."""
        await self._session.check(school)
        return [_kept(school, it) for it in (await self._client.schedules()).schedules]

    async def one(self, school: str, name: str) -> Kept:
        """By its id."""
        return _kept(school, await self._shown(school, name))

    async def look(self, school: str, name: str) -> Looked:
        """As the API works it out."""
        shown = await self._shown(school, name)
        record = await self.slots(school, name, SHOWN)
        return Looked(_kept(school, shown), list(shown.coming or ()), _many(shown), record)

    async def slots(self, school: str, name: str, limit: int) -> Sequence[Slot]:
        """Page by page."""
        await self._session.check(school)
        with _known(school, name):
            found = self._client.slots_of_schedule(name, limit=min(limit, PAGE))
            return [Slot(**dict(it)) for it in await first(found, limit)]

    async def foresee(self, schedule: Schedule, *, replace: bool) -> Many:
        """By a dry run."""
        return _many(await self._put(schedule, replace=replace, dry_run=True))

    async def keep(self, schedule: Schedule, *, replace: bool) -> Kept:
        """In the name of the token's user."""
        return _kept(schedule.school, await self._put(schedule, replace=replace))

    async def switch(self, school: str, name: str, *, enabled: bool) -> Kept:
        """By its switch."""
        await self._session.check(school)
        switch = self._client.enable_schedule if enabled else self._client.disable_schedule
        with _known(school, name):
            return _kept(school, await switch(name))

    async def remove(self, school: str, name: str) -> None:
        """Looked for first: where it is gone then, an answer to us was lost."""
        await self._shown(school, name)
        with suppress(UnknownScheduleError), _known(school, name):
            await self._client.remove_schedule(name)

    async def preview(self, kept: Kept, seconds: float) -> str | None:
        """As the API asks for it."""
        school, name = kept.schedule.school, kept.schedule.schedule
        await self._session.check(school)
        operation, wait = str(uuid4()), max(1, min(round(seconds), WAIT))
        try:
            with _known(school, name):
                told = await self._client.preview_schedule(name, key=operation, wait=wait)
        except RejectedError as error:
            raise RefusedError(error.code, error.detail) from None
        return None if told.operation is None else operation

    async def due(self, school: str, asked: DueRequest) -> Dues:
        """Page by page."""
        await self._session.check(school)
        read(school, asked)
        call = calls.due(course=asked.course, since=asked.since, before=asked.before)
        return Dues(*await page(self._client, call, asked.limit, asked.after))

    async def _shown(self, school: str, name: str) -> ScheduleShown:
        await self._session.check(school)
        with _known(school, name):
            return await self._client.get_schedule(name)

    async def _put(
        self, schedule: Schedule, *, replace: bool, dry_run: bool | None = None
    ) -> ScheduleShown:
        await self._session.check(schedule.school)
        another = await self._session.of_another(schedule.actor)
        if another is not None:
            raise RefusedError("not_permitted", another)
        said = orjson.loads(schedule.to_json())
        try:
            return await self._client.put_schedule(
                schedule.schedule, said, only_new=not replace, dry_run=dry_run
            )
        except ProblemError as error:
            if error.code == ExistsError.code:
                raise ExistsError(schedule.school, schedule.schedule) from None
            if error.status == NOT_FOUND:
                raise RefusedError(error.code, error.detail) from None
            raise


@contextmanager
def _known(school: str, name: str) -> Iterator[None]:
    """While one is asked about; what can be no id is no schedule's.

    Raises:
        UnknownScheduleError: the school has none of that id.
    """
    if not can_be_ids(name):
        raise UnknownScheduleError(school, name)
    try:
        yield
    except ProblemError as error:
        if error.code == UnknownScheduleError.code:
            raise UnknownScheduleError(school, name) from None
        raise


def _kept(school: str, shown: ScheduleShown) -> Kept:
    said = orjson.loads(shown.to_json()) | {"school": school}
    try:
        schedule = Schedule.model_validate_json(orjson.dumps(said))
    except ValidationError as error:
        raise UnreadableError(_OK, error) from None
    return Kept(schedule, shown.next_at, shown.created_at, shown.changed_at)


def _many(shown: ScheduleShown) -> Many:
    return Many(shown.learners or 0, shown.learners_exactly is not False)
