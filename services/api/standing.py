"""What the API stands on, handed to whoever answers a request."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

from fastapi import Depends
from starlette.requests import Request

from services.api.acting.uploading import Uploads
from services.api.commands.idempotency import Underway
from services.api.commands.receipts import Receipts
from services.api.commands.sending import Sender
from services.api.reads.counted import Counted
from services.api.reads.reached import Reached
from services.api.reads.watching import Watching
from services.api.web.limits import Limits
from services.api.who.oidc.verifying import Verifier
from services.api.who.recording import Recorder
from services.commands.handler import CommandHandler
from services.store.courses import CourseCache
from services.store.log import EventLog
from services.store.tokens import Tokens


class Standing(NamedTuple):
    """``handler`` previews commands and is never asked to carry one out.

    ``mails``: the folder of e-mails, where there is no mail server.
    """

    log: EventLog
    tokens: Tokens
    limits: Limits
    sender: Sender
    receipts: Receipts
    underway: Underway
    watching: Watching
    uploads: Uploads
    reached: Reached
    counted: Counted
    courses: CourseCache
    handler: CommandHandler
    clock: Callable[[], datetime]
    verifier: Verifier
    recorder: Recorder
    mails: Path


async def _standing(request: Request) -> Standing:
    standing: Standing = request.app.state.standing
    return standing


Stands = Annotated[Standing, Depends(_standing)]
"""A parameter of an endpoint."""
