"""``coursemark mail template``: declared here."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import errors
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.mailer.overrides import Override
    from services.mailer.rendering import Rendered, Template
    from services.mailer.variables import Kind

app = typer.Typer(help="A school's own words for its e-mails, by language.")

School = Annotated[str, typer.Argument(help="The school's id.")]
Language = Annotated[str, typer.Argument(help="Such as en or pt-BR.")]
KindName = Annotated[str, typer.Option("--kind", help="completion or endpoint_disabled.")]


@app.command("set")
@with_settings
def set_(
    settings: Settings,
    school: School,
    language: Language,
    *,
    subject: Annotated[str, typer.Option(help="The subject's template itself, one line.")],
    html: Annotated[Path, typer.Option(help="A file.", exists=True, dir_okay=False)],
    text: Annotated[Path, typer.Option(help="A file.", exists=True, dir_okay=False)],
    kind: KindName = "completion",
) -> None:
    """Set a school's template; one that cannot be used is refused, with the lines.

    Jinja's {{ variables }}, {% if %} and a few filters; the variables are in the how-to.
    """
    from services.cli.output import say
    from services.cli.running import go
    from services.mailer.rendering import Template

    template = Template(subject, _read(html), _read(text))
    go(settings, _put(settings, school, _kind(kind), _tag(language), template))
    say(f"{school} writes its {kind} e-mails in {language} so.")


@app.command("list")
@with_settings
def list_(settings: Settings, school: School, *, as_json: Json = False) -> None:
    """List a school's templates, with what is wrong with one that cannot be used any more."""
    from services.cli.mail import printing
    from services.cli.running import go
    from services.mailer.languages import packaged_languages

    found = go(settings, _of_school(settings, school))
    if as_json:
        printing.templates_as_json(found)
    else:
        printing.templates(found, packaged_languages())


@app.command()
@with_settings
def show(
    settings: Settings,
    school: School,
    language: Language,
    *,
    kind: KindName = "completion",
    part: Annotated[str | None, typer.Option(help="subject, html or text alone.")] = None,
) -> None:
    """Show a template as it is written: the school's, else the packaged one."""
    from services.cli.running import go

    template = go(settings, _template(settings, school, _kind(kind), _tag(language)))
    parts = template._asdict()
    if part is not None and part not in parts:
        raise typer.BadParameter(f"{part} is none of {', '.join(parts)}.", param_hint="--part")
    typer.echo("\n\n".join(parts.values()) if part is None else parts[part])


@app.command()
@with_settings
def remove(
    settings: Settings, school: School, language: Language, *, kind: KindName = "completion"
) -> None:
    """Remove a school's template; the packaged one serves again."""
    from services.cli.output import say
    from services.cli.running import go

    if not go(settings, _remove(settings, school, _kind(kind), _tag(language))):
        raise errors.CommandError(f"{school} has no {kind} template in {language}.")
    say(f"{school}: removed.")


@app.command()
@with_settings
def preview(
    settings: Settings, school: School, language: Language, *, kind: KindName = "completion"
) -> None:
    """Show an e-mail as it would be sent, about a made-up learner; nothing is sent."""
    from services.cli.mail import printing
    from services.cli.running import go

    printing.rendered(go(settings, _preview(settings, school, _kind(kind), _tag(language))))


async def _put(
    settings: Settings, school: str, kind: "Kind", language: str, template: "Template"
) -> None:
    from datetime import UTC, datetime

    from services.cli.running import database
    from services.mailer.overrides import Overrides

    async with database(settings) as pool:
        await Overrides(pool).put(school, kind, language, template, datetime.now(UTC))


async def _of_school(settings: Settings, school: str) -> "list[Override]":
    from services.cli.running import database
    from services.mailer.overrides import Overrides

    async with database(settings) as pool:
        return await Overrides(pool).of_school(school)


async def _template(settings: Settings, school: str, kind: "Kind", language: str) -> "Template":
    from services.mailer.languages import packaged

    own = {(it.kind, it.language): it.template for it in await _of_school(settings, school)}
    found = own.get((kind, language)) or packaged(kind, language)
    if found is None:
        raise errors.CommandError(f"There is no {kind} template in {language}.")
    return found


async def _remove(settings: Settings, school: str, kind: "Kind", language: str) -> bool:
    from services.cli.running import database
    from services.mailer.overrides import Overrides

    async with database(settings) as pool:
        return await Overrides(pool).remove(school, kind, language)


async def _preview(settings: Settings, school: str, kind: "Kind", language: str) -> "Rendered":
    from services.cli.running import database
    from services.mailer.overrides import Overrides, preview

    template = await _template(settings, school, kind, language)
    async with database(settings) as pool:
        return preview(kind, template, school, await Overrides(pool).school_name(school))


def _kind(text: str) -> "Kind":
    from services.mailer.variables import KINDS

    if text not in KINDS:
        raise typer.BadParameter(f"{text} is none of {', '.join(KINDS)}.", param_hint="--kind")
    return text


def _tag(text: str) -> str:
    from contracts.fields import LANGUAGE_PATTERN

    if not re.fullmatch(LANGUAGE_PATTERN, text):
        raise typer.BadParameter("write a language tag such as en or pt-BR.", param_hint="LANGUAGE")
    return text.lower()


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise errors.CommandError(f"{file} is not UTF-8; save it so.") from None
