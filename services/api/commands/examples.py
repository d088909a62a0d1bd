"""A body of each command, as the document shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

_OF = {"learner": "u-1204", "course": "biology-1"}
_OPERATION = {"operation": "op-2026-11-25", "learners": ["u-1204", "u-1205"]}

EXAMPLES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "enroll-learner": [_OF],
    "unenroll-learner": [_OF],
    "record-activity": [
        {**_OF, "activity": "cells-quiz", "signal": {"kind": "submission", "score": 87.5}},
        {**_OF, "activity": "welcome", "signal": {"kind": "time_spent", "seconds": 90}},
    ],
    "mark-complete": [
        {**_OF, "activities": "whole_course", "send_completion_email": False},
        {
            **_OF,
            "activities": ["welcome", "cells-quiz"],
            "send_completion_email": True,
            "reason": "tested_out",
            "note": "Passed the placement test.",
            "effective_at": "2024-04-30T09:15:00Z",
        },
        {**_OF, "activities": "whole_course", "send_completion_email": False, "dry_run": True},
    ],
    "import-completion": [
        {**_OF, "activity": "cells-quiz", "score": 71.0, "send_completion_email": False},
        {**_OF, "whole_course": True, "send_completion_email": False},
    ],
    "reset-progress": [
        {**_OF, "activities": ["cells-quiz"]},
        {**_OF, "activities": "whole_course"},
    ],
    "undo-command": [{**_OF, "undoes": "8e03978e-40d5-43d9-9bc0-6894a57f9324"}],
    "bulk-enroll": [{**_OPERATION, "courses": ["biology-1"]}],
    "bulk-mark-complete": [
        {
            **_OPERATION,
            "course": "biology-1",
            "activities": "whole_course",
            "send_completion_email": True,
        },
    ],
    "bulk-reset-progress": [
        {**_OPERATION, "course": "biology-1", "activities": "whole_course"},
    ],
    "bulk-import": [
        {
            "operation": "op-2026-11-26",
            "rows": [{"line": 2, "learner": "u-1204", "course": "biology-1", "score": 87.5}],
            "enroll": True,
            "send_completion_email": False,
        }
    ],
    "undo-operation": [{"operation": "op-2026-11-27", "undoes": "op-2026-11-25"}],
    "control-operation": [{"operation": "op-2026-11-25", "action": "pause"}],
}
"""By the name in the address; a test sends each."""
