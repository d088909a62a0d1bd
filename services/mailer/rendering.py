"""A template with its values becomes subject, text and HTML, bounded in size."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from jinja2 import StrictUndefined, TemplateError
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.domain.addresses import one_line
from services.mailer.checking import Flaw, flaws
from services.mailer.variables import NAMES, Kind, Value

LARGEST = 512 * 1024
"""Characters of a rendered part."""
LONGEST_SUBJECT = 200


class Template(NamedTuple):
    """The three parts as they are written."""

    subject: str
    html: str
    text: str


class Rendered(NamedTuple):
    """The three parts as they are sent; the subject is one line."""

    subject: str
    html: str
    text: str


class TemplateProblemError(Exception):
    """``template_wrong``: a template cannot be used; the text says what is wrong with it."""

    code = "template_wrong"


def _environment(*, escapes: bool) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        autoescape=escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=0,
    )


_ENVIRONMENTS = {
    "subject": _environment(escapes=False),
    "text": _environment(escapes=False),
    "html": _environment(escapes=True),
}


def check(kind: Kind, template: Template) -> list[Flaw]:
    """Everything that is wrong with a template."""
    return [
        flaw
        for part, source in template._asdict().items()
        for flaw in flaws(part, source, NAMES[kind], _ENVIRONMENTS[part])
    ]


def render(kind: Kind, template: Template, values: Mapping[str, Value]) -> Rendered:
    """Fill a template in.

    Raises:
        TemplateProblemError: it is not valid, or becomes too large.
    """
    problems = _checked(kind, template)
    if problems:
        raise TemplateProblemError(problems)
    subject, html, text = (
        _filled(part, source, values) for part, source in template._asdict().items()
    )
    line = one_line(subject, LONGEST_SUBJECT)
    if not line:
        raise TemplateProblemError("subject: is empty when it is filled in.")
    return Rendered(line, html, text)


@lru_cache(maxsize=1_000)
def _checked(kind: Kind, template: Template) -> str:
    return " ".join(map(str, check(kind, template)))


def _filled(part: str, source: str, values: Mapping[str, Value]) -> str:
    pieces: list[str] = []
    size = 0
    try:
        for piece in _compiled(part, source).generate(values):
            size += len(piece)
            if size > LARGEST:
                raise TemplateProblemError(f"{part}: becomes larger than {LARGEST:,} characters.")
            pieces.append(piece)
    except (TemplateError, TypeError, ValueError) as error:
        raise TemplateProblemError(f"{part}: {type(error).__name__}.") from None
    return "".join(pieces)


@lru_cache(maxsize=300)
def _compiled(part: str, source: str) -> Compiled:
    try:
        return _ENVIRONMENTS[part].from_string(source)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise TemplateProblemError(f"{part}: {type(error).__name__}.") from None
