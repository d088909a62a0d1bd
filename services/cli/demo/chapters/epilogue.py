"""B3, M4, M11, over all that happened."""

from contracts.directory import User
from services.cli.demo.school import MARIA, PEOPLE
from services.cli.demo.script import Chapter, Proof
from services.cli.demo.seen import Seen

_ASKED = ("actor", "reason", "note", "source")


def _who_and_why(seen: Seen) -> bool:
    """What Maria's commands said stands on each event of theirs; enrolments need no reason."""
    events = [it for it in seen.events() if it.data.get("actor") == MARIA]
    said = [(it.data, seen.asked_for(it.data)) for it in events if it.type != "learner_enrolled"]
    return bool(said) and all(
        event.keys() >= {"reason", "source"}
        and all(event.get(name) == asked[name] for name in _ASKED if name in asked)
        for event, asked in said
    )


def _by_command(seen: Seen) -> bool:
    """No event of a learner without a command or an operation that was asked for.

    Coursemark itself asks after a new structure.
    """
    own = {it["command_id"] for it in seen.heard.evaluations}
    caused = [it.data for it in seen.events() if "command_id" in it.data]
    ids = {it["command_id"] for it in caused if "batch_id" not in it}
    operations = {it["batch_id"] for it in caused if "batch_id" in it}
    return bool(ids) and ids <= seen.asked.keys() | own and operations <= seen.begun.keys()


def _alike(seen: Seen) -> bool:
    """An earned and a marked completion differ in what they say, not in how they are told."""
    earned = seen.event("ben-sits-the-exam", "activity_completed")
    marked = seen.event("exam-marked", "activity_completed", "exam")
    courses = [
        seen.event(name, "course_completed") for name in ("ben-sits-the-exam", "exam-marked")
    ]
    return (
        marked.keys() - earned.keys() == {"actor", "reason", "note"}
        and not earned.keys() - marked.keys()
        and (earned["manually_completed"], marked["manually_completed"]) == (False, True)
        and [it["manually_completed"] for it in courses] == [False, True]
    )


def _nameless(seen: Seen) -> bool:
    told = b"".join(it.record.value or b"" for it in seen.heard.events.values())
    names = [it.name for it in PEOPLE if isinstance(it, User) and it.name]
    return bool(told) and not any(name.encode() in told for name in names)


CHAPTER = Chapter(
    title="What holds for all of it",
    plot="The results, the events and the views of the whole story are held against the rules "
    "that are about all of them.",
    proofs=(
        Proof(
            "B3",
            "on every event of Maria's: actor, reason, note and source as she gave them",
            _who_and_why,
        ),
        Proof("M4", "every change came of a command on Kafka, and names it", _by_command),
        Proof("M11", "events of both kinds, with the same fields, tell manually_completed", _alike),
        Proof("names", "names stand in the directory; no event holds one", _nameless),
    ),
)
