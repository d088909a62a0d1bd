"""What a replay did, as a table or as JSON."""

from services.cli.output import console, write_json
from services.cli.replay.sending import Done
from services.cli.tables import counted


def as_table(done: Done) -> None:
    """A row for each type, and a sentence."""
    console().print(counted("Event", "Sent", done.told.sent))
    for id_ in done.told.skipped:
        console().print(f"Left out, as you asked: {id_}", markup=False)
    console().print(_sentence(done), markup=False)


def _sentence(done: Done) -> str:
    sent = done.told.sent.total()
    rate = f", {sent / done.seconds:,.0f} a second" if done.seconds else ""
    how = "is done" if done.told.complete else "was stopped; the same command goes on with --resume"
    return (
        f"Replay {done.id} to {done.topic} {how}: {sent:,} of {done.told.passed:,} events that "
        f"it passed, in {done.seconds:.1f} s{rate}; it stands at position {done.told.position}."
    )


def for_program(done: Done) -> None:
    """One object."""
    write_json(
        {
            "replay": done.id,
            "topic": done.topic,
            "complete": done.told.complete,
            "resumed": done.resumed,
            "sent": dict(sorted(done.told.sent.items())),
            "passed": done.told.passed,
            "skipped": done.told.skipped,
            "position": str(done.told.position),
            "seconds": round(done.seconds, 3),
        }
    )
