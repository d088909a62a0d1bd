"""The oracle of every fault run: nothing acknowledged is lost, doubled or changed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from tests.support.oracle import (
    of_fanout,
    of_kafka,
    of_operations,
    of_programs,
    of_reference,
    of_results,
    of_the_log,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.oracle.evidence import Evidence

    Clause = Callable[[Evidence], Iterator[str]]

CLAUSES: tuple[Clause, ...] = (
    of_the_log.versions_are_contiguous,
    of_the_log.accepted_events_stand,
    of_the_log.events_have_receipts,
    of_the_log.views_are_folds,
    of_kafka.events_are_delivered,
    of_kafka.events_are_in_order,
    of_kafka.latest_progress_is_last,
    of_fanout.fan_out_is_delivered,
    of_fanout.fan_out_is_in_order,
    of_programs.programs_are_awarded,
    of_results.commands_are_answered,
    of_results.results_never_change,
    of_results.nothing_else_is_dead,
    of_reference.directory_is_the_last_record,
    of_reference.structures_rise,
    of_operations.rows_are_those_asked_for,
    of_operations.rows_are_counted_once,
    of_operations.operations_did_what_they_count,
    of_operations.ended_operations_rest,
    of_operations.operations_are_reported,
    of_operations.orders_are_obeyed,
)
SHOWN = 5
"""Sentences of one clause."""


def violations(evidence: Evidence) -> dict[str, list[str]]:
    """The first sentences of each clause that does not hold, by the clause's name."""
    found = {clause.__name__: list(islice(clause(evidence), SHOWN)) for clause in CLAUSES}
    return {name: sentences for name, sentences in found.items() if sentences}


def holds(evidence: Evidence) -> None:
    """Every clause does; fails with what is missing."""
    found = violations(evidence)
    told = [f"{name}: {text}" for name, sentences in found.items() for text in sentences]
    assert not told, "\n".join(["the oracle does not hold:", *told])
