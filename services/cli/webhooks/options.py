"""What the commands of ``coursemark webhooks`` are told, checked."""

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from contracts.model import Contract

Asked = TypeVar("Asked", bound="Contract")

_OPTIONS = {
    "url": "URL",
    "message": "MESSAGE",
    "triggers": "--trigger",
    "courses": "--course",
}
"""Those that are not named as their fields."""
School = Annotated[str, typer.Argument(help="The school's id.")]
EndpointId = Annotated[str, typer.Argument(metavar="ENDPOINT", help="As `list` shows it.")]
Secret = Annotated[
    str | None,
    typer.Option(
        envvar="WEBHOOK_SECRET", help="whsec_..., where the receiver has made it; one is made else."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]


def triggers_of(names: list[str] | None) -> Any:
    """Those that are named, each a known one; none: all."""
    from contracts.webhooks import TYPES

    one_of(names or [], tuple(TYPES), "--trigger")
    return tuple(names) if names else None


def one_of(names: list[str], known: tuple[str, ...], option: str) -> None:
    """Refuse a name that is none of them.

    Raises:
        BadParameter: there is one.
    """
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"{name} is none of {', '.join(known)}.", param_hint=option)


def asked(kind: type[Asked], **given: Any) -> Asked:
    """The message that the options describe.

    Raises:
        BadParameter: one of them is wrong.
    """
    from pydantic import ValidationError

    from services.cli.wrong import wrong

    try:
        return kind(**given)
    except ValidationError as error:
        raise wrong(error, _OPTIONS) from None


def checked(secret: str | None) -> str | None:
    """A secret that is one; in no message of what else is wrong."""
    from services.webhooks.signing import read_secret

    if secret is not None:
        read_secret(secret)
    return secret
