"""A college with one course: Ana earned it, Ben was marked, Cy has begun; Ana is reset."""

import json
from typing import Any, NamedTuple

COURSE = "first-aid"
TAG = "cohort-2024"


class College(NamedTuple):
    """The messages of a school of that id, as lines of JSON for ``coursemark send``."""

    school: str

    def happened(self) -> str:
        """Everything up to the reset: directory, course, then what the three did."""
        return _lines(*self._reference(), *self._ana(), *self._ben(), *self._cy())

    def reset(self) -> str:
        """Ana's whole course is reset."""
        return _lines(self._of("ana", "reset_progress", actor="dean", activities="whole_course"))

    def _reference(self) -> list[dict[str, Any]]:
        activities = [
            {"activity": "read", "type": "text", "rules": {"visited": True}},
            {"activity": "quiz", "type": "exam", "rules": {"passed": 60.0}},
            {"activity": "essay", "type": "form", "required": False, "rules": {"submitted": True}},
        ]
        structure = {"school": self.school, "course": COURSE, "version": 1}
        users = ("dean", "admin"), ("ana", "user"), ("ben", "user"), ("cy", "user")
        return [
            {"type": "school", "data": {"school": self.school, "plan": "starter"}},
            *(
                {
                    "type": "user",
                    "data": {
                        "school": self.school,
                        "user": user,
                        "role_level": level,
                        "tags": [TAG, f"group-of-{user}"],
                    },
                }
                for user, level in users
            ),
            {
                "type": "course_structure",
                "data": structure | {"sections": [{"section": "all", "activities": activities}]},
            },
        ]

    def _ana(self) -> list[dict[str, Any]]:
        return [
            self._of("ana", "enroll_learner", effective_at="2024-05-02T08:00:00Z"),
            self._did("ana", "read", "2024-05-03T09:00:00Z", kind="visit"),
            self._did("ana", "read", "2024-05-03T09:30:00Z", kind="time_spent", seconds=1_500),
            self._did("ana", "quiz", "2024-06-04T10:00:00Z", kind="time_spent", seconds=600),
            self._did("ana", "quiz", "2024-06-04T10:10:00Z", kind="submission", score=85.5),
        ]

    def _ben(self) -> list[dict[str, Any]]:
        return [
            self._of("ben", "enroll_learner", effective_at="2024-05-20T08:00:00Z"),
            self._of(
                "ben",
                "mark_complete",
                actor="dean",
                activities="whole_course",
                send_completion_email=False,
                effective_at="2024-06-20T12:00:00Z",
            ),
        ]

    def _cy(self) -> list[dict[str, Any]]:
        return [
            self._of("cy", "enroll_learner", effective_at="2024-06-01T08:00:00Z"),
            self._did("cy", "read", "2024-06-02T09:00:00Z", kind="time_spent", seconds=90),
        ]

    def _did(self, learner: str, activity: str, at: str, **signal: Any) -> dict[str, Any]:
        return self._of(
            learner, "record_activity", activity=activity, signal=signal, effective_at=at
        )

    def _of(self, learner: str, command: str, **fields: Any) -> dict[str, Any]:
        whose = {"school": self.school, "learner": learner, "course": COURSE}
        return {"type": command, "data": whose | fields}


def _lines(*messages: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(message)}\n" for message in messages)
