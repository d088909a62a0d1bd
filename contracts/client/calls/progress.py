"""Progress of a whole school, row by row."""

from ...api.progress import Activities, ActivityRow, Progress, ProgressRow
from .call import Call, Page, pages


def progress(*, course: str | None = None, limit: int | None = None) -> Call[Page[ProgressRow]]:
    """Every learner in every course, by course and learner."""
    query = {"course": course, "limit": limit}
    return pages("/v1/progress", Progress, lambda it: it.progress, query=query)


def activities(*, course: str | None = None, limit: int | None = None) -> Call[Page[ActivityRow]]:
    """Every activity with anything recorded, by course, learner and activity."""
    query = {"course": course, "limit": limit}
    return pages("/v1/activities", Activities, lambda it: it.activities, query=query)
