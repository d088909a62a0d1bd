"""Names that the shell completes: parts and projections."""

PARTS_HELP = "One of the parts; the tab key completes it."


def parts(incomplete: str) -> list[tuple[str, str]]:
    """The parts that begin so, each with what it does."""
    from services.composition import RUNS

    return [(name, about(run)) for name, run in RUNS.items() if name.startswith(incomplete)]


def about(run: object) -> str:
    """What a part does, in its own words."""
    return (run.__doc__ or "").partition("\n")[0]
