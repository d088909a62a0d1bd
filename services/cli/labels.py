"""Names and reasons as they are given on the command line."""

import typer


def label(text: str, option: str) -> str:
    """The text, where it can be a label.

    Raises:
        BadParameter: it cannot.
    """
    from pydantic import TypeAdapter, ValidationError

    from contracts.fields import Label

    try:
        adapter: TypeAdapter[str] = TypeAdapter(Label)
        return adapter.validate_python(text)
    except ValidationError:
        raise typer.BadParameter("1 to 200 characters.", param_hint=option) from None
