"""Imports of files: what each file holds, what is wrong with it, and what became of it (B8)."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ..fields import Instant, Reason, Text
from ..model import Contract

ImportState = Literal["checking", "checked"]
RunState = Literal["asked", "sent", "refused"]
DateOrder = Literal["dmy", "mdy", "ymd"]


class ImportChoices(Contract):
    """How a file is read, and what its lines are taken for."""

    encoding: str | None = Field(None, description="None: UTF-8, or by the file's mark.")
    delimiter: str | None = Field(None, description="One character, or tab; none: found out.")
    sheet: str | None = Field(None, description="Of a workbook with several.")
    dates: DateOrder | None = Field(None, description="How 01/02/2025 is read.")
    timezone: str = Field("UTC", description="Of dates without one, such as Europe/Berlin.")
    complete: bool = Field(False, description="Lines that do not say so complete whole courses.")
    enroll: bool = Field(False, description="Enrol who is not enrolled yet.")
    create_users: bool = Field(False, description="Add whom the school lacks, by e-mail address.")
    add_tags: bool = Field(False, description="Add the file's tags to those that users have.")
    ignore_columns: bool = Field(False, description="Leave out columns that are not known.")
    reason: Reason = "migration"
    note: Text | None = None


class RunImport(Contract):
    """What is done with a file that was checked."""

    send_completion_email: bool = Field(description="There is no default (M5).")
    skip_invalid: bool = Field(False, description="Import the lines without a problem.")
    dry_run: bool = Field(False, description="Only say what would happen (B5).")
    start_at: Instant | None = Field(None, description="Not before then; none: at once.")


class ImportTaken(Contract):
    """The file, or what is to be done with it, was taken."""

    id: str = Field(description="Of the import.")
    status: str = Field(description="Where it says how it stands.")
    operation: str | None = Field(None, description="Of a run: where its operation will be.")


class ImportCounts(Contract):
    """What a file holds; ``refused``: lines with a problem."""

    lines: int
    rows: int = Field(description="Rows that would be imported, repeats left out.")
    learners: int
    courses: int
    completions: int
    enrolments: int = Field(description="Enrolments alone.")
    refused: int
    new_people: int
    tagged: int = Field(description="Users who would get tags.")
    tags_left: int = Field(description="Lines with tags of known users, without add_tags.")
    unusable: bool = Field(description="Nothing can be imported, whatever lines are left out.")


class ImportRun(Contract):
    """A time that the file was to be imported: an operation, once its parts are sent."""

    operation: str
    state: RunState
    dry_run: bool
    actor: str
    code: str | None = Field(None, description="Why it was refused.")
    message: str | None = None
    parts: int | None = Field(None, description="Messages of the operation, once they are sent.")
    users: int | None = Field(
        None,
        description="Users, new or with tags, who are written into the directory before; counted "
        "when the run first begins, and not anew when it is taken up again.",
    )
    result: str = Field(description="Where the result of the operation's first part will be.")
    created_at: Instant
    ended_at: Instant | None = None


class ImportShown(Contract):
    """A file that came to be imported."""

    id: str
    state: ImportState
    size: int = Field(description="Bytes.")
    choices: ImportChoices
    actor: str
    counts: ImportCounts | None = Field(None, description="Once it is checked.")
    problems: Annotated[Mapping[str, int], Field(description="How many, by code.")]
    file_kept: bool = Field(description="False: its file is deleted, and cannot be run again.")
    created_at: Instant
    checked_at: Instant | None = None
    runs: tuple[ImportRun, ...] = ()


class Imports(Contract):
    """The school's imports, the newest first; without their runs and problems."""

    imports: tuple[ImportShown, ...]


class ImportProblem(Contract):
    """What is wrong with a line, or (``line`` of none) with the file."""

    line: int | None = None
    column: str | None = Field(None, description="Its heading in the file.")
    code: str
    problem: str
    whole_file: bool = Field(description="Nothing of the file can be imported.")
    harmless: bool = Field(description="Nothing has to be done about it.")


class ImportProblems(Contract):
    """A page of problems, those of the whole file first, then by line."""

    problems: tuple[ImportProblem, ...]
