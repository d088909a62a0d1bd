"""An administrator's command held against the school's policy (B3, B4).

Learners' own signals, enrolments and Coursemark's own evaluations carry no reason and no note,
and are not an administrator's word on when something was achieved: no policy is asked of them.
"""

from datetime import datetime, timedelta

from contracts.commands import AdministratorCommand, Command, ImportCompletion
from services.domain.decision import Refused
from services.domain.policy import Policy


def refusal(command: Command, policy: Policy, now: datetime) -> Refused | None:
    """Why the school's policy forbids the command, or none."""
    if not isinstance(command, AdministratorCommand):
        return None
    return _backdated(command, policy, now) or _reason(command, policy) or _note(command, policy)


def _backdated(command: AdministratorCommand, policy: Policy, now: datetime) -> Refused | None:
    imported = isinstance(command, ImportCompletion)
    days = policy.max_import_backdating_days if imported else policy.max_backdating_days
    if days is None or command.effective_at is None:
        return None
    if now - command.effective_at <= timedelta(days=days):
        return None
    earliest = now - timedelta(days=days)
    return Refused(
        "backdating_not_allowed",
        f"{command.school} lets {'an import' if imported else 'a command'} lie {days} days back "
        f"at most, to {earliest:%Y-%m-%d %H:%M} UTC; send a later effective_at, or have the "
        "school's policy changed.",
        {"effective_at": command.effective_at.isoformat(), "max_days": days},
    )


def _reason(command: AdministratorCommand, policy: Policy) -> Refused | None:
    if policy.reasons is None or command.reason in policy.reasons:
        return None
    allowed = sorted(policy.reasons)
    return Refused(
        "reason_not_allowed",
        f"{command.school} does not use the reason {command.reason}; "
        f"give one of {', '.join(allowed)}.",
        {"reason": command.reason, "allowed": allowed},
    )


def _note(command: AdministratorCommand, policy: Policy) -> Refused | None:
    if not policy.note_required or (command.note or "").strip():
        return None
    return Refused(
        "note_required",
        f"{command.school} wants a note with every administrator's command; say in note why, "
        "without personal data.",
    )
