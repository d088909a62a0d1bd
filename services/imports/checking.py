"""A whole file checked, and nothing touched: every line's problems in one go (B5, B8)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from pydantic import TypeAdapter, ValidationError

from contracts.commands import ImportCompletion
from contracts.fields import ID_RULE, Id
from contracts.problems import shown
from services.imports.columns import Columns, columns
from services.imports.entries import Choices, Reader, Said
from services.imports.known import Known
from services.imports.ledger import Entry, Ledger, Person
from services.imports.opening import table
from services.imports.problems import PASSWORDS, Flaw, ImportFileError, Problem
from services.imports.table import MAX_ROWS, Line, Reading, Table
from services.store.log import EventLog

STEP = 5_000
"""Lines that are looked up together."""
_id: TypeAdapter[str] = TypeAdapter(Id)
Advance = Callable[[int], None]
"""Tells that so many more lines are checked."""


class Checked(NamedTuple):
    """How many lines there were, and whether tags of people whom the directory has were left."""

    lines: int
    tags_left: int


async def check(
    log: EventLog,
    lines: Table,
    choices: Choices,
    ledger: Ledger,
    advance: Advance = lambda _: None,
) -> Checked:
    """Read all lines into the ledger, with all problems, and settle it."""
    found, problems = columns(lines.header, ignore_unknown=choices.ignore_columns)
    ledger.put(problems=problems)
    checked = Checked(0, 0)
    if not problems:
        known = Known(log, choices.school)
        await known.begin()
        checked = await _Checking(found, choices, known, ledger, advance).run(lines)
        if not checked.lines and not any(it.whole_file for it in ledger.problems()):
            ledger.put(problems=[_no_lines()])
    ledger.settle(found.name("enrolled_at"))
    return checked


async def check_file(
    log: EventLog,
    stream: BinaryIO,
    reading: Reading,
    choices: Choices,
    ledger: Ledger,
    advance: Advance = lambda _: None,
) -> Checked:
    """The same of a file that was not opened yet; one that cannot be is a problem of all of it."""
    try:
        with table(stream, reading) as found:
            return await check(log, found, choices, ledger, advance)
    except ImportFileError as error:  # there are no lines
        ledger.put(problems=[error.problem])
        ledger.settle(None)
        return Checked(0, 0)


class _Checking:
    def __init__(
        self,
        columns: Columns,
        choices: Choices,
        known: Known,
        ledger: Ledger,
        advance: Advance,
    ) -> None:
        self._columns = columns
        self._choices = choices
        self._known = known
        self._ledger = ledger
        self._advance = advance
        self._reader = Reader(columns, choices)
        self._tags_left = 0
        self._entries: list[Entry] = []
        self._people_found: list[Person] = []
        self._problems: list[Problem] = []

    async def run(self, table: Table) -> Checked:
        lines, count = self._whole(table), 0
        while taken := await self._step(lines):
            count += taken
            self._advance(taken)
        if self._reader.has_password:
            self._ledger.put(problems=[self._password()])
        return Checked(count, self._tags_left)

    async def _step(self, lines: Iterator[Line]) -> int:
        """Check the next lines; returns how many there were."""
        step = [self._reader.read(line) for line in islice(lines, STEP)]
        await self._known.look_up(said for said, _ in step)
        for said, problems in step:
            self._take(said, problems)
        self._ledger.put(self._entries, self._people_found, self._problems)
        self._entries, self._people_found, self._problems = [], [], []
        return len(step)

    def _whole(self, table: Table) -> Iterator[Line]:
        """The lines as far as they can be read; why no further, in the ledger."""
        try:
            for count, line in enumerate(table.lines(), 1):
                if count > MAX_ROWS:
                    self._ledger.put(problems=[_too_many(line.number)])
                    return
                yield line
        except ImportFileError as error:
            self._ledger.put(problems=[error.problem])

    def _take(self, said: Said, problems: Sequence[Problem]) -> None:
        """What the school has to say to a line, and the line into the ledger."""
        found = list(problems)
        who = self._who(said, found)
        courses = self._courses(said, found)
        flawed = {it.column for it in found}
        entries = [
            entry
            for course in courses
            if (entry := self._entry(said, who or "?", course, flawed, found)) is not None
        ]
        if said.completed is not True and courses and not self._choices.enroll:
            found.append(
                self._problem(
                    said,
                    "completed",
                    "nothing_to_do",
                    "The line completes nothing, and nobody is to be enrolled; allow it with "
                    "--enroll, or say in a column completed that it does.",
                )
            )
        people = [] if who is None or found else list(self._people(said, who))
        self._people_found += people
        self._problems += found
        if not found:
            self._entries += entries

    def _who(self, said: Said, found: list[Problem]) -> str | None:
        try:
            return self._resolved(said)
        except Flaw as flaw:
            field = "learner" if said.learner else "email" if said.email else "username"
            name = self._columns.name(field)  # type: ignore[arg-type]  # one of three
            found.append(Problem(said.line, name, flaw.code, f"{flaw}."))
            return None

    def _resolved(self, said: Said) -> str | None:
        """The id of whom the line is about; none where it does not say, which is told already."""
        if said.learner:
            return self._by_id(said)
        if said.email:
            return self._by_email(said.email)
        return self._by_username(said.username) if said.username else None

    def _by_id(self, said: Said) -> str:
        holders = self._known.with_email(said.email) if said.email else ()
        if self._known.is_user(said.learner):
            if holders and said.learner not in holders:
                raise Flaw(
                    "email_of_another",
                    f"The e-mail address is another user's, and not {shown(said.learner)}'s; "
                    "correct one of them",
                )
            return said.learner
        if "@" in said.learner and not said.email:
            return self._by_email(said.learner)
        if not self._choices.create_users or not said.email:
            raise _unknown(f"{self._choices.school} has no learner {shown(said.learner)}")
        if holders:
            raise Flaw(
                "email_of_another", "The e-mail address is another user's; correct one of them"
            )
        try:
            return _id.validate_python(said.learner, strict=True)
        except ValidationError:
            raise Flaw("bad_id", f"A new learner's id has {ID_RULE}") from None

    def _by_email(self, email: str) -> str:
        holders = list(self._known.with_email(email))
        if len(holders) == 1:
            return holders[0]
        if holders:
            raise Flaw(
                "ambiguous_email",
                f"{len(holders)} users have this e-mail address; give the id in a column learner",
            )
        if not self._choices.create_users:
            raise _unknown(f"{self._choices.school} has no user with this e-mail address")
        return new_id(self._choices.school, email)

    def _by_username(self, name: str) -> str:
        if self._known.is_user(name):
            return name
        holders = list(self._known.with_name(name))
        if len(holders) == 1:
            return holders[0]
        if holders:
            raise Flaw(
                "ambiguous_username", f"{len(holders)} users have this name; give an id or address"
            )
        raise Flaw(
            "unknown_learner",
            f"{self._choices.school} has no user with this name; give an id or an e-mail address",
        )

    def _courses(self, said: Said, found: list[Problem]) -> list[str]:
        courses = dict.fromkeys(said.courses)
        first = said.courses[0] if said.courses and self._columns.name("course") else None
        for program in said.programs:
            own = self._known.program(program)
            courses |= dict.fromkeys(own)
            if not own:
                found.append(
                    self._problem(
                        said,
                        "programs",
                        "unknown_program",
                        f"{self._choices.school} has no learning programme {shown(program)}.",
                    )
                )
        found.extend(
            self._problem(
                said,
                "course" if course == first else "courses",
                "unknown_course",
                f"{self._choices.school} has no course {shown(course)}; correct it, or publish its "
                "structure first.",
            )
            for course in courses
            if self._known.course(course) is None
        )
        return list(courses)

    def _entry(
        self, said: Said, who: str, course: str, flawed: set[str | None], found: list[Problem]
    ) -> Entry | None:
        structure = self._known.course(course)
        if structure is None:
            return None
        if said.activity and said.activity not in structure.activities:
            found.append(
                self._problem(
                    said,
                    "activity",
                    "unknown_activity",
                    f"{course} has no activity {shown(said.activity)}; correct it.",
                )
            )
            return None
        completed = bool(said.completed)
        if completed and self._known.has_policy:
            found.extend(self._against_policy(said, who, course, flawed))
        return Entry(
            said.line,
            who,
            course,
            said.activity,
            completed,
            _iso(said.completed_at),
            _iso(said.enrolled_at),
            said.score,
            said.reason,
            said.note,
        )

    def _against_policy(
        self, said: Said, who: str, course: str, flawed: set[str | None]
    ) -> Iterator[Problem]:
        command = ImportCompletion.model_construct(
            school=self._choices.school,
            learner=who,
            course=course,
            effective_at=said.completed_at,
            actor="",  # no policy asks who, or whether an e-mail goes out
            send_completion_email=False,
            reason=said.reason or self._choices.reason,
            note=said.note or self._choices.note,
        )
        refused = self._known.against_policy(command, self._choices.now)
        if refused is not None:
            fields = {
                "backdating_not_allowed": "completed_at",
                "reason_not_allowed": "reason",
                "note_required": "note",
            }
            found = self._problem(said, fields.get(refused.code), refused.code, refused.message)
            if found.column is None or found.column not in flawed:
                yield found

    def _people(self, said: Said, who: str) -> Iterator[Person]:
        """What the directory is to be told of them."""
        email = said.email or (said.learner if "@" in said.learner else "")
        if not self._known.is_user(who) and not self._known.with_email(email):
            yield Person(said.line, who, known=False, name=said.name, email=email, tags=said.tags)
        elif said.tags and self._choices.add_tags:
            yield Person(said.line, who, known=True, name="", email="", tags=said.tags)
        elif said.tags:
            self._tags_left += 1

    def _problem(self, said: Said, field: str | None, code: str, sentence: str) -> Problem:
        name = None if field is None else self._columns.name(field)  # type: ignore[arg-type]
        return Problem(said.line, name, code, sentence)

    def _password(self) -> Problem:
        return Problem(
            None,
            self._columns.name("password"),
            "password_column",
            PASSWORDS,
            whole_file=True,
        )


def new_id(school: str, email: str) -> str:
    """The id of a new user: the same however often, and wherever, the address is imported."""
    return str(uuid5(NAMESPACE_URL, f"coursemark:user:{school}/{email.lower()}"))


def _unknown(what: str) -> Flaw:
    return Flaw(
        "unknown_learner",
        f"{what}; correct it, or add who has an e-mail address with --create-users",
    )


def _too_many(line: int) -> Problem:
    return Problem(
        line,
        None,
        "too_many_rows",
        f"The file has more than {MAX_ROWS:,} lines; split it, in any way: what comes of it is "
        "the same.",
        whole_file=True,
    )


def _no_lines() -> Problem:
    return Problem(None, None, "empty_file", "The file has headings and no line.", whole_file=True)


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
