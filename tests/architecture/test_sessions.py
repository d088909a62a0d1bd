"""Nothing that the API or Zapier's side runs leaves anything in a session of PostgreSQL.

Their pools hand connections on as they are (``open_pool``, ``stateless``).
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STAYS = re.compile(
    r"pg_(try_)?advisory_lock|set_config\([^;]*?,\s*false\s*\)|^\s*(set|listen)\s+(?!local)\w",
    re.IGNORECASE | re.MULTILINE,
)
ELSEWHERE = {
    "services/imports/kept/sql/lock.sql": "the part operations, on a pool of its own",
    "services/operations/sql/try_lock.sql": "the part operations",
    "services/projector/sql/rebuild_lock.sql": "the projector",
}
"""Whose connections are reset when they are given back."""


def test_only_parts_with_pools_that_reset_take_what_stays_in_a_session() -> None:
    found = {
        str(path.relative_to(ROOT))
        for folder in ("services", "projections")
        for path in (ROOT / folder).rglob("*.sql")
        if "migrations" not in path.parts and STAYS.search(_code(path))
    }
    assert found == set(ELSEWHERE)


def _code(path: Path) -> str:
    """Without comments, and without the set of an update."""
    lines = re.sub(r"--.*", "", path.read_text("utf-8"))
    return re.sub(r"(update\s[^;]*?)\bset\b", r"\1", lines, flags=re.IGNORECASE)
