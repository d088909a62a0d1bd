"""What a search cannot be asked; each has a stable code and says what to do."""

from collections.abc import Sequence

from pydantic import JsonValue


class SearchError(Exception):
    """A search that is not carried out."""

    code = "invalid_search"


class InvalidCriteriaError(SearchError):
    """``invalid_criteria``: ``details`` has a field and a problem for each."""

    code = "invalid_criteria"

    def __init__(self, message: str, details: Sequence[JsonValue]) -> None:
        super().__init__(message)
        self.details = details


class InvalidCursorError(SearchError):
    """``invalid_cursor``: the text is no cursor."""

    code = "invalid_cursor"


class ForeignCursorError(SearchError):
    """``cursor_of_another_search``: it belongs to other criteria or to another school."""

    code = "cursor_of_another_search"
