"""The rules that the story has to show, by number, with a short name for each."""

from collections.abc import Mapping
from types import MappingProxyType

RULES: Mapping[str, str] = MappingProxyType(
    {
        "A1": "administrators alone",
        "A2": "plans with the feature",
        "A3": "nothing crosses schools",
        "M1": "one, several, the whole course",
        "M2": "several learners at once",
        "M3": "enrolled and marked",
        "M4": "all of it by command",
        "M5": "the completion e-mail",
        "M6": "the label Manually",
        "M7": "graded 100, scores kept",
        "M8": "already complete",
        "M9": "no time, no min_time",
        "M10": "locked stays locked",
        "M11": "events as for an earned one",
        "M12": "the course completes itself",
        "M13": "what the whole course means",
        "M14": "completed stays completed",
        "R1": "activities or the course",
        "R2": "from nothing again",
        "R4": "the next attempt",
        "R5": "nothing to reset",
        "R6": "an enrolment is needed",
        "L1": "rules earn completions",
        "L2": "late signals undo nothing",
        "L3": "locked is locked",
        "L4": "time counts once",
        "B1": "the same command twice",
        "B2": "a result for each",
        "B3": "who, why, from where",
        "B4": "when it was achieved",
        "B5": "look before it happens",
        "B6": "operations",
        "B7": "taken back",
        "B8": "a file",
        "B9": "structures with versions",
        "B10": "the past, rebuild, check",
        "B12": "programmes, renewals",
        "policies": "a school's own limits",
        "http": "the same over HTTP",
        "names": "ids and marks alone",
    }
)
"""Those of them that this version of Coursemark carries out."""
