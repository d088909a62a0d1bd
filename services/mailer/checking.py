"""What a template may contain. Whatever passes is rendered in time that grows with its length.

Templates are written by schools. Jinja's sandbox keeps them from our objects, and not from
``{% for %}`` in ``{% for %}`` or ``"a" * 10 ** 9``; so only what an e-mail needs is let through:
text, variables, conditions, and a few filters.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateSyntaxError

from services.domain.addresses import one_line

LONGEST: dict[str, int] = {"subject": 300, "text": 50_000, "html": 100_000}
"""Characters of a part of a template."""
FILTERS = ("capitalize", "d", "default", "e", "escape", "lower", "title", "trim", "upper")
TESTS = ("defined", "false", "none", "true")
DEEPEST = 50
_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Const, nodes.Concat),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr),
    nodes.Keyword,
)
_WORDS = {"For": "for", "Getattr": ".", "Getitem": "[ ]", "Call": "( )", "Assign": "set"}


class Flaw(NamedTuple):
    """What is wrong with a part of a template, as a sentence."""

    part: str
    line: int
    problem: str

    def __str__(self) -> str:
        where = f", line {self.line}" if self.line else ""
        return f"{self.part}{where}: {self.problem}"


def flaws(part: str, source: str, known: Collection[str], environment: Environment) -> list[Flaw]:
    """What is wrong with a part; nothing where it may be used.

    ``known`` are the variables that it may name.
    """
    longest = LONGEST[part]
    if len(source) > longest:
        return [Flaw(part, 0, f"has {len(source):,} characters; {longest:,} are the most.")]
    if "\x00" in source:
        return [Flaw(part, 0, "has a NUL character; take it out.")]
    if part == "subject" and (not source.strip() or len(source.splitlines()) > 1):
        return [Flaw(part, 0, "is one line, and not an empty one.")]
    try:
        parsed = environment.parse(source)
        return list(_walk(part, parsed, frozenset(known), 0))
    except TemplateSyntaxError as error:
        return [Flaw(part, error.lineno, f"{one_line(error.message or 'wrong syntax', 200)}.")]
    except RecursionError:
        return [_too_deep(part, 0)]


def _walk(part: str, node: nodes.Node, known: frozenset[str], depth: int) -> Iterator[Flaw]:
    if depth > DEEPEST:
        yield _too_deep(part, node.lineno)
        return
    problem = _problem(node, known)
    if problem is not None:
        yield Flaw(part, node.lineno, problem)
        return
    for child in node.iter_child_nodes():
        yield from _walk(part, child, known, depth + 1)


def _problem(node: nodes.Node, known: frozenset[str]) -> str | None:
    match node:
        case nodes.Name():
            if node.ctx != "load":
                return f"{node.name} cannot be set."
            if node.name not in known:
                return f"{node.name} is not known; there are {', '.join(sorted(known))}."
        case nodes.Filter() if node.name not in FILTERS:
            return f"the filter {node.name} is not allowed; there are {', '.join(FILTERS)}."
        case nodes.Test() if node.name not in TESTS:
            return f"the test {node.name} is not allowed; there are {', '.join(TESTS)}."
        case nodes.Filter() | nodes.Test():
            return None
        case _ if not isinstance(node, _PLAIN):
            kind = type(node).__name__
            return f"{_WORDS.get(kind, kind.lower())} is not allowed; use variables and if alone."
    return None


def _too_deep(part: str, line: int) -> Flaw:
    return Flaw(part, line, "is nested too deeply.")
