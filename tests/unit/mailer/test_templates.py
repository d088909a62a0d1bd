"""Templates are a school's own text: what passes the check is safe, and renders in bounded time."""

from __future__ import annotations

import pytest

from services.mailer.languages import chain, packaged, packaged_languages
from services.mailer.overrides import preview
from services.mailer.rendering import (
    LARGEST,
    LONGEST_SUBJECT,
    Template,
    TemplateProblemError,
    check,
    render,
)
from services.mailer.variables import KINDS, NAMES, values
from tests.unit.mailer.notices import COMPLETED, DISABLED

PLAIN = Template("Done", "<p>Done</p>", "Done")
FILLED = values(COMPLETED, name="Ada", school_name="Riverside", unsubscribe_url=None)


def html(source: str) -> Template:
    return PLAIN._replace(html=source)


def said(template: Template) -> str:
    return " ".join(map(str, check("completion", template)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["de", "en", "es"])
def test_every_packaged_template_can_be_used(kind: str, language: str) -> None:
    assert language in packaged_languages()
    template = packaged(kind, language)  # type: ignore[arg-type]
    assert template is not None
    assert check(kind, template) == []  # type: ignore[arg-type]
    rendered = preview(kind, template, "riverside", "Riverside <School>")  # type: ignore[arg-type]
    assert "Riverside &lt;School&gt;" in rendered.html
    assert "Riverside <School>" in rendered.text
    assert "{" not in rendered.subject + rendered.text + rendered.html


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{% for x in range(10**9) %}a{% endfor %}", "for is not allowed"),
        ("{{ 'a' * 1000000000 }}", "mul is not allowed"),
        ("{{ 2 ** 1000000000 }}", "pow is not allowed"),
        ("{{ ''.__class__.__mro__ }}", ". is not allowed"),
        ("{{ name['__class__'] }}", "[ ] is not allowed"),
        ("{{ range(9) }}", "( ) is not allowed"),
        ("{% set name = 1 %}", "set is not allowed"),
        ("{% include '/etc/passwd' %}", "include is not allowed"),
        ("{% macro m() %}{% endmacro %}", "macro is not allowed"),
        ("{{ name|attr('__class__') }}", "the filter attr is not allowed"),
        ("{{ name|safe }}", "the filter safe is not allowed"),
        ("{{ name|center(1000000000) }}", "the filter center is not allowed"),
        ("{{ cycler }}", "cycler is not known; there are attempt"),
        ("{{ self }}", "self is not known"),
        ("{{ passwrod }}", "passwrod is not known"),
        ("line\n{{ name", "line 2: unexpected end of template"),
        ("{% if name %}", "line 1: Unexpected end of template"),
        ("{% if name is divisibleby(3) %}{% endif %}", "the test divisibleby is not allowed"),
        ("a\x00", "NUL"),
        ("a" * 100_001, "100,000 are the most"),
        ("{% if name %}" * 60 + "{% endif %}" * 60, "nested too deeply"),
        ("{{ " + "(" * 20_000 + "name" + ")" * 20_000 + " }}", "nested too deeply"),
        ("{{ name" + "|e" * 20_000 + " }}", "nested too deeply"),
    ],
)
def test_what_an_email_does_not_need_is_refused_with_words(source: str, problem: str) -> None:
    assert problem in said(html(source))
    with pytest.raises(TemplateProblemError):
        render("completion", html(source), FILLED)


@pytest.mark.parametrize("subject", ["", "  ", "a\nb", "a\r\nBcc: x@y.test", "a\u2028b", "x" * 301])
def test_a_subject_is_one_short_line(subject: str) -> None:
    assert "subject" in said(PLAIN._replace(subject=subject))


def test_values_are_escaped_in_html_and_cannot_break_a_line_anywhere() -> None:
    name = "<b>Ada</b>\r\nBcc: eve@example.test\x00\u202e\u2028"
    filled = values(COMPLETED, name=name, school_name='"R"\n', unsubscribe_url=None)
    rendered = render("completion", Template("Hi {{ name }}", "{{ name }}", "{{ name }}"), filled)
    assert rendered.html == "&lt;b&gt;Ada&lt;/b&gt; Bcc: eve@example.test"
    assert rendered.subject == "Hi <b>Ada</b> Bcc: eve@example.test"
    assert len(rendered.text.splitlines()) == 1


def test_what_is_rendered_is_bounded() -> None:
    long = FILLED | {"name": "&" * 200}
    with pytest.raises(TemplateProblemError, match=f"larger than {LARGEST:,}"):
        render("completion", html("{{ name }}" * 9_000), long)
    subject = render("completion", PLAIN._replace(subject="{{ name }}" * 20), long).subject
    assert len(subject) == LONGEST_SUBJECT
    with pytest.raises(TemplateProblemError, match="subject: is empty"):
        render("completion", PLAIN._replace(subject="{{ average_score or '' }}"), FILLED)


def test_every_variable_has_a_value_in_every_email() -> None:
    for kind, notice in zip(KINDS, (COMPLETED, DISABLED), strict=True):
        filled = values(notice, name=None, school_name=None, unsubscribe_url=None)
        assert set(filled) == set(NAMES[kind])
        assert filled["school_name"] == "riverside"


def test_languages_fall_back_from_the_users_to_the_schools_to_english() -> None:
    assert chain("pt-BR", "de-AT") == ("pt-br", "pt", "de-at", "de", "en")
    assert chain(None, "ZH-Hant-TW") == ("zh-hant-tw", "zh-hant", "zh", "en")
    assert chain(None, None) == ("en",)
    assert chain("en-GB", "en") == ("en-gb", "en")
    assert packaged("completion", "xx") is None
    assert packaged("completion", "..") is None
