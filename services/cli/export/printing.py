"""What an export did, as a table or as JSON."""

from pathlib import Path

from services.cli.export.events import Done
from services.cli.export.xapi import DoneXapi
from services.cli.output import console, write_json
from services.cli.tables import counted


def events(done: Done, out: Path) -> None:
    """A row for each type, and where the export stands."""
    console().print(counted("Event", "Written", done.told.written))
    for id_ in done.told.skipped:
        console().print(f"Left out, as you asked: {id_}", markup=False)
    told = done.told
    begin = "Complete" if told.complete else "Stopped before the end"
    console().print(
        f"{begin}: {told.files:,} files, {told.bytes:,} bytes in {out}, which has {done.total:,} "
        f"events now; it stands at position {told.position}, and the next run goes on from there.",
        markup=False,
    )


def events_as_json(done: Done, out: Path) -> None:
    """One object."""
    told = done.told
    write_json(
        {
            "out": str(out),
            "complete": told.complete,
            "written": dict(sorted(told.written.items())),
            "files": told.files,
            "bytes": told.bytes,
            "skipped": told.skipped,
            "from": str(done.started),
            "position": str(told.position),
            "total": done.total,
        }
    )


def xapi(done: DoneXapi, *, quiet: bool) -> None:
    """A row for each verb; to stderr where the statements themselves went to stdout."""
    page = console(stderr=quiet)
    page.print(counted("Verb", "Statements", done.told.stored))
    for name, count in sorted(done.told.without.items()):
        page.print(f"No verb of cmi5's: {count:,} {name}", markup=False)
    for id_ in done.told.skipped:
        page.print(f"Left out, as you asked: {id_}", markup=False)
    begin = "Complete" if done.told.complete else "Stopped before the end"
    known = f", {done.known:,} of them there already" if done.known else ""
    page.print(f"{begin}, up to position {done.told.position}{known}.", markup=False)


def xapi_as_json(done: DoneXapi) -> None:
    """One object."""
    told = done.told
    write_json(
        {
            "complete": told.complete,
            "statements": dict(sorted(told.stored.items())),
            "without": dict(sorted(told.without.items())),
            "skipped": told.skipped,
            "known": done.known,
            "position": str(told.position),
        }
    )
