"""All views there are: a new one is a folder and a line here."""

from typing import Any

from projections.definition import Projection
from projections.events_log import EVENTS_LOG
from projections.insights import INSIGHTS
from projections.programs import PROGRAMS
from projections.progress import PROGRESS
from projections.reports import REPORTS
from projections.search import SEARCH

PROJECTIONS: tuple[Projection[Any], ...] = (PROGRESS, EVENTS_LOG, REPORTS, INSIGHTS, SEARCH, PROGRAMS)
