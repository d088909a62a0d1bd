"""Which template an e-mail is written with: the user's language, the school's, English."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from services.mailer.rendering import Template
from services.mailer.variables import Kind

LAST = "en"


def chain(*languages: str | None) -> tuple[str, ...]:
    """The tags to look under, in order, in lower case; each with what it falls back to.

    >>> chain("pt-BR", "de")
    ('pt-br', 'pt', 'de', 'en')
    """
    return tuple(
        dict.fromkeys(tag for one in (*languages, LAST) if one for tag in _ever_wider(one))
    )


def packaged(kind: Kind, language: str) -> Template | None:
    """The template that comes with Coursemark; none in that language."""
    return _packaged(kind, language) if language in packaged_languages() else None


@cache
def packaged_languages() -> tuple[str, ...]:
    """The languages that Coursemark comes with."""
    return tuple(sorted(f.name for f in files(__package__).joinpath("templates").iterdir()))


@cache
def _packaged(kind: Kind, language: str) -> Template:
    folder = files(__package__) / "templates" / language
    subject, html, text = (
        (folder / f"{kind}.{ending}").read_text("utf-8")
        for ending in ("subject.txt", "html", "txt")
    )
    return Template(subject.strip(), html, text)


def _ever_wider(tag: str) -> Iterator[str]:
    parts = tag.lower().split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])
