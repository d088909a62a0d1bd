"""The base of every message."""

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    """An immutable message; unknown fields are ignored, types are not coerced.

    Strictness follows JSON: ``"5"`` is no number and ``1`` is no boolean, yet a JSON
    array fills a tuple and an ISO 8601 string an instant.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", allow_inf_nan=False)

    def to_json(self) -> bytes:
        """The message as UTF-8 JSON, fields without a value left out."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)
