"""The API: it decides nothing itself."""

from services.cli.demo.school import BIOLOGY, CLASS, LAKESIDE, MARIA, OMAR, TOM
from services.cli.demo.script import Call, Chapter, Proof
from services.cli.demo.seen import Seen

_LEARNER = CLASS[9]
_OF = {"learner": _LEARNER, "course": BIOLOGY}
_MARK = _OF | {"activities": ["welcome"], "send_completion_email": False}
_COURSES = f"/v1/learners/{_LEARNER}/courses"


def _command(name: str, of: str, actor: str, key: str, **fields: object) -> Call:
    body = (_MARK if of == "mark-complete" else _OF) | fields
    return Call(name, f"/v1/commands/{of}", actor, body=body, key=key)


def _once(seen: Seen) -> bool:
    """Decided by the same rules; one key is one command; a school sees nothing of another."""
    answers = seen.answers
    looked = {it["course"]: it["status"] for it in answers["maria-looks"].body["courses"]}
    return (
        (answers["tom-calls"].status, answers["tom-calls"].body["code"]) == (403, "not_permitted")
        and answers["maria-calls"].status == 200  # noqa: PLR2004 - of HTTP
        and answers["maria-calls-again"] == answers["maria-calls"]
        and answers["maria-calls-otherwise"].body["code"] == "command_id_reused"
        and seen.types("over-http-mark") == ["activity_completed"]
        and answers["omar-calls"].body["code"] == "unknown_learner"
        and looked[BIOLOGY] == "not_completed"
    )


CHAPTER = Chapter(
    title="The same over HTTP",
    plot="An integrator asks the API, with a token in the name of a user: what that user may do is "
    "looked up in the directory each time. Maria's program gets no answer and sends her mark "
    "again, under its key. Omar's token is Lakeside's: Riverside's learner is nobody to him.",
    steps=(
        _command("maria-enrols", "enroll-learner", MARIA, "over-http-enrol"),
        _command("tom-calls", "mark-complete", TOM, "over-http-tom"),
        _command("maria-calls", "mark-complete", MARIA, "over-http-mark"),
        _command("maria-calls-again", "mark-complete", MARIA, "over-http-mark"),
        _command(
            "maria-calls-otherwise", "mark-complete", MARIA, "over-http-mark", activities=["quiz"]
        ),
        Call("maria-looks", _COURSES, MARIA),
        Call("omar-calls", _COURSES, OMAR, LAKESIDE),
    ),
    proofs=(
        Proof("http", "a role is looked up, a key is carried out once, 404 tells nothing", _once),
    ),
)
