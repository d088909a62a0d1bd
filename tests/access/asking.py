"""Every operation of the API, asked by everybody."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

from yarl import URL

from services.api.app import application
from services.store.tokens import IN_A_NAME, SCOPES
from tests.access.lines import IDS, LEVELS, LINES, OURS, Line
from tests.integration.api.conftest import encoded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tests.integration.api.conftest import Api

WITHOUT = ("no actor", "no token", "other scope")
CALLERS = (*LEVELS, *WITHOUT)
NONE_SUCH = "none-such"
READ = 4_096
"""Bytes of an answer that are looked at: some go on for long."""
TOGETHER = 16
NAMED = ("learner", "operation", "program", "import_id", "schedule")
OF_THEIR_OWN = ("audit", "import_template", "import_example")
"""What they asked for themselves, and what is the same for every school."""


class Route(NamedTuple):
    """An operation of the API."""

    operation: str
    method: str
    path: str

    @property
    def named(self) -> list[str]:
        """The parameters of its path."""
        return [name for _, name, _, _ in Formatter().parse(self.path) if name]


class Cell(NamedTuple):
    """An answer beside what it may be; ``text``: its body without the address that was asked."""

    operation: str
    method: str
    caller: str
    own: bool
    status: int
    allowed: Collection[int]
    text: str
    unknown: str | None


def routes(of: Any = None) -> Iterator[Route]:
    """Every route of the application, also of routers inside routers, but for the document's."""
    for it in (of or application()).routes:
        inner = getattr(it, "original_router", None)
        if inner is not None:
            yield from routes(inner)
        elif it.path != "/v1/openapi.json":
            for method in sorted(it.methods - {"HEAD"}):
                yield Route(it.operation_id or it.name, method, it.path)


def unlisted() -> list[str]:
    """What to do about routes without a line, and about ids that nobody has."""
    told = []
    for route in routes():
        where = f"{route.method} {route.path}"
        if route.operation not in LINES:
            told.append(
                f"{where}: add a line for {route.operation!r} to tests/access/lines.py, "
                "which says who may ask and what they are answered"
            )
        missing = [name for name in route.named if name.partition(":")[0] not in IDS]
        if missing and route.operation in LINES:
            told.append(
                f"{where}: add {', '.join(missing)} to IDS in tests/access/lines.py, and to "
                "tests/access/world.py what has that id in the school"
            )
    there = {route.operation for route in routes()}
    told += [f"{name}: there is no such operation" for name in LINES if name not in there]
    return told


class Matrix:
    """Asks; ``api`` has two schools, the first of which has what ``IDS`` name, and an endpoint."""

    def __init__(self, api: Api, endpoint: str) -> None:
        self._api = api
        self._there = {**IDS, "endpoint": endpoint}
        self._tokens: dict[tuple[str, Any], str] = {}
        self._once = asyncio.Semaphore(TOGETHER)
        self._number = count()

    async def cells(self) -> list[Cell]:
        """Of every route that has a line; those that change something come last."""
        listed = [it for it in routes() if it.operation in LINES]
        reads = [it for it in listed if it.method == "GET"]
        ends = [it for it in listed if it.method == "DELETE"]
        others = [it for it in listed if it not in reads and it not in ends]
        return [it for part in (reads, others, ends) for it in await self._asked(part)]

    async def _asked(self, asked: Sequence[Route]) -> list[Cell]:
        cells = (
            self._cell(route, caller, own=own)
            for route in asked
            for own in (True, False)
            for caller in CALLERS
        )
        return list(await asyncio.gather(*cells))

    async def _cell(self, route: Route, caller: str, *, own: bool) -> Cell:
        line = LINES[route.operation]
        token = await self._token(line, caller, own=own)
        status, text = await self._ask(route, line, token)
        unknown = None
        if not own and route.named:
            _, unknown = await self._ask(route, line, token, NONE_SUCH)
        allowed = _allowed(route, line, caller, own=own)
        return Cell(route.operation, route.method, caller, own, status, allowed, text, unknown)

    async def _token(self, line: Line, caller: str, *, own: bool) -> str | None:
        """A token of the caller's; of one that may not have the scope, with what it may have."""
        school = self._api.school if own else self._api.other
        if caller == "no token":
            return None
        if caller == "no actor":
            scopes, actor = set(line.scopes) - IN_A_NAME or {"signals"}, None
        elif caller == "other scope":
            scopes, actor = set(SCOPES) - set(line.scopes) or set(SCOPES), "admin"
        else:
            scopes, actor = set(line.scopes), caller
        kind = school, (frozenset(scopes), actor)
        if kind not in self._tokens:
            self._tokens[kind] = await self._api.token(school, actor, sorted(scopes))
        return self._tokens[kind]

    async def _ask(
        self, route: Route, line: Line, token: str | None, id_: str | None = None
    ) -> tuple[int, str]:
        there = {**self._there, **line.ids}
        ids = {name: id_ if id_ and name != "attempt" else it for name, it in there.items()}
        path = route.path
        for name in route.named:
            path = path.replace(f"{{{name}}}", encoded(ids[name]))
            path = path.replace(f"{{{name}:path}}", encoded(ids[name]))
        headers = {"Idempotency-Key": f'"access-{next(self._number)}"'}
        if line.wait and route.method != "GET":
            headers["Prefer"] = f"wait={line.wait}"
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        more = {"data": line.data} if line.body is None else {"json": self._body(line)}
        url = URL(f"{self._api.where}{path}{line.query}", encoded=True)
        async with (
            self._once,
            self._api.client.request(route.method, url, headers=headers, **more) as got,
        ):
            return got.status, _text(await got.content.read(READ))

    def _body(self, line: Line) -> Any:
        """An operation is begun once: each cell begins one of its own."""
        body = dict(line.body or {})
        if "operation" in body and "action" not in body:
            body["operation"] = f"access-{next(self._number)}"
        return body


def _allowed(route: Route, line: Line, caller: str, *, own: bool) -> Collection[int]:
    match caller:
        case "no token":
            return (401,)
        case "other scope":
            return line.gives if set(line.scopes) == set(SCOPES) else (403,)
        case "no actor":
            answers = line.nobody
        case _:
            answers = line.gives if caller in line.may else line.denies
    if own or not set(answers) & set(line.gives):
        return answers
    if line.abroad is not None:
        return line.abroad
    return (404,) if route.named else answers


def _text(body: bytes) -> str:
    """A problem without the address that was asked; anything else as it is."""
    try:
        told = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
    if isinstance(told, dict):
        told.pop("instance", None)
    return json.dumps(told, sort_keys=True)


def wrong(cells: Sequence[Cell]) -> list[str]:
    """Every answer that is none that it may be, and every one that tells more than it may."""
    told = []
    for it in cells:
        who = f"{it.operation}, {it.caller}, {'own' if it.own else 'other'} school"
        if it.status not in it.allowed:
            told.append(f"{who}: {it.status}, not {' or '.join(map(str, it.allowed))}: {it.text}")
        if it.status >= 400 and it.unknown not in {None, it.text}:
            told.append(f"{who}: another text than for what does not exist: {it.text}")
        if not it.own and _tells(it):
            told.append(f"{who}: tells of another school's: {it.text}")
    return told


def _tells(it: Cell) -> bool:
    """Whether a read of another school names what is ours."""
    names = (*(IDS[name] for name in NAMED), *OURS.values())
    if it.status >= 400 or it.operation in OF_THEIR_OWN:
        return False
    reads = it.method == "GET" or "read" in LINES[it.operation].scopes
    return reads and any(name in it.text for name in names)


def table(cells: Sequence[Cell]) -> list[str]:
    """The statuses: operation by caller, in the own and in another school."""
    found = {(it.operation, it.caller, it.own): it.status for it in cells}
    width = max(len(it.operation) for it in cells)
    short = ("adm", "ins", "rep", "sea", "usr", "act", "tok", "sco")
    head = " ".join(short)
    lines = [
        f"{'':{width}}  {'own school':{len(head)}}   other school",
        f"{'':{width}}  {head}   {head}",
    ]
    for operation in dict.fromkeys(it.operation for it in cells):
        sides = (
            " ".join(str(found[operation, caller, own]) for caller in CALLERS)
            for own in (True, False)
        )
        lines.append(f"{operation:{width}}  {'   '.join(sides)}")
    lines.append("")
    lines.append(
        "adm ins rep sea usr: levels (seat_manager, ...); act: a token without an actor; tok: no "
        "token; sco: a token of other scopes"
    )
    return lines
