"""Files and lines of Python per folder, the median and the largest file of each.

``python -m benchmarks.sizes`` counts what git tracks; lines are all lines, blank ones too.
"""

import subprocess
from collections import defaultdict
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

DEEP = {"services", "tests"}
"""Folders whose own folders are counted one by one."""


def main() -> None:
    """Count and print."""
    files = subprocess.run(["git", "ls-files", "*.py"], capture_output=True, check=True, text=True)
    folders: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in files.stdout.split():
        lines = len(Path(name).read_text("utf-8").splitlines())
        first, *rest = Path(name).parts
        folder = f"{first}/{rest[0]}" if first in DEEP and len(rest) > 1 else first
        folders[folder].append((lines, name))
        folders["all"].append((lines, name))
    table = Table("folder")
    for column in ("files", "lines", "median"):
        table.add_column(column, justify="right")
    table.add_column("largest")
    for folder, found in sorted(folders.items(), key=lambda item: (item[0] == "all", item[0])):
        sizes = [lines for lines, _ in found]
        most, name = max(found)
        table.add_row(
            folder,
            str(len(found)),
            f"{sum(sizes):,}",
            f"{median(sizes):.0f}",
            f"{name.removeprefix(folder + '/')} {most}",
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
