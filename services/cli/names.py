"""Names that the shell completes: parts, views, feeds."""

PARTS_HELP = "One of the parts; the tab key completes it."


def parts(incomplete: str) -> list[tuple[str, str]]:
    """The parts that begin so, each with what it does."""
    from services.composition import RUNS

    return [(part.name, part.about) for part in RUNS.values() if part.name.startswith(incomplete)]


def views(incomplete: str) -> list[str]:
    """The views that begin so."""
    from projections.registry import PROJECTIONS

    return [it.name for it in PROJECTIONS if it.name.startswith(incomplete)]


def projections(incomplete: str) -> list[str]:
    """The views and feeds that begin so."""
    from services.cli.projections.standing import FOLLOWERS

    return views(incomplete) + [name for name in FOLLOWERS if name.startswith(incomplete)]
