"""What a token may be for."""

from typing import Literal, get_args

Scope = Literal["commands", "manage", "read", "signals", "zapier"]
"""``commands``: administrators' commands and enrolments; ``manage``: imports, schedules, webhooks'
endpoints, policies; ``signals``: what a player saw."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
