"""A client as it is written for LearnWorlds' API v2: it has a base address, a token, a school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from services.runtime.embedded.waiting import until
from tests.integration.api.conftest import encoded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.integration.api.conftest import Api, Got


class LearnWorlds(NamedTuple):
    """Its calls; each answers what came over HTTP."""

    api: Api
    token: str
    school: str | None = None

    async def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Got:
        """A request below the base address; the path is sent as it stands."""
        told = dict(headers or {})
        if self.school is not None:
            told["Lw-Client"] = self.school
        more = {} if body is None else {"json": body}
        return await self.api.ask(method, f"/admin/api/v2{path}", self.token, told, **more)

    async def enroll(self, user: str, product: str, kind: str = "course", **more: Any) -> Got:
        """Enrol a user to a product."""
        body = {"productId": product, "productType": kind, "price": 100.23, **more}
        return await self.ask("POST", f"/users/{encoded(user)}/enrollment", body)

    async def unenroll(self, user: str, product: str, kind: str = "course") -> Got:
        """Unenrol a user from a product."""
        body = {"productId": product, "productType": kind}
        return await self.ask("DELETE", f"/users/{encoded(user)}/enrollment", body)

    async def complete(
        self, user: str, course: str, units: Sequence[str] = (), **headers: str
    ) -> Got:
        """Mark as complete."""
        body = {"send_course_complete_email": False, "units": list(units)}
        path = f"/users/{encoded(user)}/courses/{encoded(course)}/complete"
        return await self.ask("POST", path, body, headers)

    async def reset(self, user: str, course: str, units: Sequence[str] = ()) -> Got:
        """Reset user progress."""
        path = f"/users/{encoded(user)}/courses/{encoded(course)}/reset"
        return await self.ask("POST", path, {"units": list(units)})

    async def progress(self, user: str, course: str) -> Got:
        """Get user progress per course."""
        return await self.ask("GET", f"/users/{encoded(user)}/courses/{encoded(course)}/progress")

    async def all_progress(self, user: str, query: str = "") -> Got:
        """Get user progress."""
        return await self.ask("GET", f"/users/{encoded(user)}/progress{query}")

    async def contents(self, course: str) -> Got:
        """Get contents of a course."""
        return await self.ask("GET", f"/courses/{encoded(course)}/contents")

    async def end_of(self, taken: Got) -> dict[str, Any]:
        """The job that an answer names, once it has come to its end."""
        assert taken.status == 200, taken.body
        job: dict[str, Any] = {}

        async def has_ended() -> bool:
            nonlocal job
            got = await self.ask("GET", f"/jobs/{encoded(taken.body['job_id'])}")
            assert got.status == 200, got.body
            job = got.body
            return job["async"] is False

        assert await until(has_ended, within=60, every=0.05), job
        return job
