"""What was found in a file, kept out of memory: in SQLite, in a file that nobody else can open.

It holds names and addresses of new people while it is open. SQLite unlinks the file as it makes
it, so nothing of it is left, however the process ends.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Self

from services.imports.problems import Problem
from services.imports.sql import query

_CACHE_KIB = 16_384
"""Of pages held in memory."""


class Entry(NamedTuple):
    """What a line says of one learner in one course; instants in ISO 8601, UTC."""

    line: int
    learner: str
    course: str
    activity: str
    completed: bool
    completed_at: str | None
    enrolled_at: str | None
    score: float | None
    reason: str | None
    note: str | None


class Person(NamedTuple):
    """What a line says of a person; ``known``: the directory has them, and only tags are added."""

    line: int
    user: str
    known: bool
    name: str
    email: str
    tags: tuple[str, ...]


class Counts(NamedTuple):
    """What would be imported; ``refused``: lines with a problem."""

    rows: int
    learners: int
    courses: int
    completions: int
    enrolments: int
    refused: int
    new_people: int
    tagged: int


class CodeCount(NamedTuple):
    """How often a code stands among the problems."""

    code: str
    number: int
    whole_file: bool
    harmless: bool


class Ledger:
    """Filled line by line, settled once, then read; a context manager."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(
            f"pragma journal_mode = off; pragma synchronous = off; pragma temp_store = file;"
            f"pragma cache_size = -{_CACHE_KIB};"
        )
        self._db.executescript(query("ledger"))
        self._db.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def put(
        self,
        entries: Iterable[Entry] = (),
        people: Iterable[Person] = (),
        problems: Iterable[Problem] = (),
    ) -> None:
        """Add what some lines say; a line with a problem is refused whole."""
        self._db.executemany(query("ledger_entry"), entries)
        self._db.executemany(
            query("ledger_person"), ((*it[:-1], json.dumps(it.tags)) for it in people)
        )
        found = list(problems)
        self._db.executemany(query("ledger_problem"), found)
        refused = ((it.line,) for it in found if it.line is not None and not it.harmless)
        self._db.executemany(query("ledger_refuse"), refused)

    def settle(self, enrolled_at: str | None) -> None:
        """Hold the lines against each other; ``enrolled_at``: the heading of that column."""
        self._db.execute("commit")
        for statement in query("ledger_settle").split(";\n"):
            named = {"enrolled_at": enrolled_at} if ":enrolled_at" in statement else {}
            self._db.execute(statement, named)

    def counts(self) -> Counts:
        """What is left to import."""
        return Counts(*self._db.execute(query("ledger_counts")).fetchone())

    def codes(self) -> list[CodeCount]:
        """The problems, counted."""
        return [
            CodeCount(code, number, bool(whole), bool(harmless))
            for code, number, whole, harmless in self._db.execute(query("ledger_codes"))
        ]

    def unusable(self) -> bool:
        """Whether nothing of the file can be imported, whatever lines are left out."""
        return any(it.whole_file for it in self.codes())

    def problems(self) -> Iterator[Problem]:
        """Each problem, those of the whole file first, then by line."""
        for line, column, code, message, whole, harmless in self._db.execute(
            query("ledger_problems")
        ):
            yield Problem(line, column, code, message, bool(whole), bool(harmless))

    def rows(self, after: int, until: int) -> list[Entry]:
        """Rows to import, numbered from 1, without ``after`` and with ``until``."""
        found = self._db.execute(query("ledger_rows"), {"after": after, "until": until})
        return [Entry(*row) for row in found]

    def sizes(self) -> Iterator[int]:
        """Of each row in turn, bytes as JSON at the most."""
        return (row[0] for row in self._db.execute(query("ledger_sizes")))

    def people(self) -> Iterator[Person]:
        """Who is to be written into the directory, each once, with all their tags in order."""
        found: Iterable[tuple[Any, ...]] = self._db.execute(query("ledger_people"))
        for user, known, name, email, tags in found:
            every = {tag for part in json.loads(tags) for tag in json.loads(part)}
            yield Person(0, user, bool(known), name, email, tuple(sorted(every)))
