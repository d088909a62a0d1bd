"""House rules of the documentation: a link leads somewhere, an index lists all, a table is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.runtime.topology import TOPICS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "contracts" / "README.md"]
LINK = re.compile(r"\[[^]]*\]\(([^)#]+)(?:#[^)]*)?\)")
DAY_MS = 24 * 60 * 60 * 1_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    """A reader who follows a dead link stops reading."""
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_index_lists_every_page() -> None:
    """Add the page to docs/README.md: what the index does not name nobody finds."""
    listed = set(LINK.findall((DOCS / "README.md").read_text("utf-8")))
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}
    assert sorted(pages - listed) == []


def test_the_operators_table_of_topics_is_the_topology() -> None:
    """Who creates the topics by hand creates what the parts would have created."""
    guide = (DOCS / "how-to" / "operate.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `(\S+)` \| (\d+) \| (\w+) \| (\d+) days \| (\d+) \|$", guide, re.MULTILINE
    )
    topology = [
        (
            spec.name,
            str(spec.partitions),
            spec.cleanup,
            str(spec.retention_ms // DAY_MS),
            str(spec.max_message_bytes),
        )
        for spec in TOPICS.values()
    ]
    assert rows == topology
