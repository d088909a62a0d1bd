"""Reports and insights counted from the files themselves, by DuckDB; nothing of ours is used."""

from pathlib import Path
from typing import Any

import duckdb

Row = tuple[Any, ...]
Tables = dict[str, set[Row]]
"""Rows by table; each ends in its figures."""

SQL = Path(__file__).with_name("independent")
FIGURES = {"counts": 1, "funnel": 3, "activity_funnel": 2, "scores": 2, "days": 6}
"""By table, how many columns of its rows are figures: the last ones."""


def recount(folder: Path) -> Tables:
    """Every table, from the files in a folder."""
    with duckdb.connect() as database:
        database.execute("set variable folder = ?", [str(folder)])
        database.execute((SQL / "records.sql").read_text("utf-8"))
        return {name: set(_rows(database, name)) for name in FIGURES}


def _rows(database: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    return database.execute((SQL / f"{name}.sql").read_text("utf-8")).fetchall()
