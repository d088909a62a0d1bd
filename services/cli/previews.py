"""``coursemark preview``: what a command would do, for one learner, for many, and for an undo."""

from services.cli.many.command import preview as app
from services.cli.undo.command import preview_undo

app.command("undo")(preview_undo)
