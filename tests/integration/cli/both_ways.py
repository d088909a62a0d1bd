"""The same commands by the servers and by an API, held against each other.

Each runs twice, in two schools that are alike: by the local adapter in one, by the remote in the
other, whose environment names servers that do not exist.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.command_line import Done, coursemark

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.cli.conftest import School, Stack

OF = ("--learner", "u-1", "--course", "biology")
NOWHERE = {"COURSEMARK_DATABASE": "postgresql://nobody@127.0.0.1:1/none", "COURSEMARK_KAFKA": "x:1"}
SAME = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
    (r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?", "WHEN"),
    (r'"position": "\d+:\d+"', "POSITION"),
    (r'"(recorded_|created_|started_|ended_)at": "[^"]*"', "WHEN"),
    (r'"revision": \d+', "REVISION"),
    (r'"source": "(api|console)"', "SOURCE"),  # the API says that it was the API
    (r"\bfrom\s+(api|console)\b", "SOURCE"),
    (r"[ ─]+", " "),
)
"""What differs between any two runs, or tells the two ways apart on purpose."""


@dataclass(frozen=True)
class Two:
    """Two schools that are alike, one for each way."""

    stack: Stack
    here: School
    there: School
    server: str
    token: str

    def locally(self, *words: str, stdin: str = "") -> Done:
        """By the servers; ``SCHOOL`` stands for the school."""
        return self.stack.run(*_named(words, self.here), stdin=stdin)

    def remotely(self, *words: str, stdin: str = "", **more: str) -> Done:
        """By the API."""
        known = {"COURSEMARK_SERVER": self.server, "COURSEMARK_TOKEN": self.token}
        return coursemark(*_named(words, self.there), stdin=stdin, **NOWHERE | known | more)

    def both(self, *words: str, code: int = 0) -> Done:
        """Both ways, held against each other; answers what was printed by the API."""
        here, there = self.locally(*words), self.remotely(*words)
        assert self.shown(there, self.there) == self.shown(here, self.here), (here, there)
        assert there.returncode == code, there
        return there

    def alike(self, *words: str, code: int = 0) -> Done:
        """A read of the second school both ways: the same to the letter."""
        here, there = self.stack.run(*_named(words, self.there)), self.remotely(*words)
        assert there == here, (here, there)
        assert there.returncode == code, there
        return there

    def until(self, enough: Callable[[str], bool], *words: str) -> None:
        """Wait until both views have what is looked for."""
        for ask in (self.locally, self.remotely):
            ends = time.monotonic() + 60
            while not enough(ask(*words).stdout):
                assert time.monotonic() < ends, f"{words} did not show it"

    @staticmethod
    def shown(done: Done, school: School) -> tuple[int, str, str]:
        """What was printed, but for what differs between any two runs."""
        code, *texts = done
        for place, text in enumerate(texts):
            told = text.replace(school.id, "SCHOOL")
            for pattern, instead in SAME:
                told = re.sub(pattern, instead, told)
            texts[place] = told
        return code, *texts


def _named(words: tuple[str, ...], school: School) -> list[str]:
    return [word.replace("SCHOOL", school.id) for word in words]


def of_school(*words: str) -> tuple[str, ...]:
    """With the school and its administrator."""
    return (*words, "--school", "SCHOOL", "--actor", "ada")
