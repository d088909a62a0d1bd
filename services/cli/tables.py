"""Tables that several commands print."""

from collections import Counter

from rich.table import Table


def plain(*columns: str) -> Table:
    """A table without lines; a column that begins with > stands on the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        right = column.startswith(">")
        table.add_column(column.removeprefix(">"), justify="right" if right else "left")
    return table


def counted(what: str, number: str, counts: Counter[str]) -> Table:
    """How many there are of each, by name, and of all."""
    table = Table(what, box=None, pad_edge=False)
    table.add_column(number, justify="right")
    for name, count in sorted(counts.items()):
        table.add_row(name, f"{count:,}")
    table.add_row("all", f"{counts.total():,}", style="bold")
    return table
