"""Expressions in their places: parsed, checked, and with errors where they were written."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from tospec.diagnostics import Diagnostic
from tospec.expression import Expression as Syntax
from tospec.expression import Scope, Type, check, parse
from tospec.model import Expression
from tospec.source import Span
from tospec.syntax.nodes import Node, Scalar
from tospec.syntax.problems import Problems

_START = Span("", 1, 1)
"""Errors are first reckoned from here: their column less one is the offset into the text."""


def compile_node(
    node: Node | None, scope: Scope, expected: Type, problems: Problems
) -> Expression | None:
    """Return the expression that `node` holds; report what is wrong with it."""
    if not isinstance(node, Scalar) or not node.text.strip():
        return None
    parsed = _parsed(node.text)
    if isinstance(parsed, tuple):
        problems.extend(_placed(parsed, node))
        return None
    span = node.within(0, max(len(node.text), 1))
    checked = check(parsed, scope, expected)
    if isinstance(checked, list):
        problems.extend(_placed(checked, node))
        return None
    return Expression(text=node.text, tree=replace(checked, span=span), span=span)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Syntax | tuple[Diagnostic, ...]:
    """Return the syntax of a text, the same for each place that holds it."""
    found = parse(text, _START)
    return tuple(found) if isinstance(found, list) else found


def compile_text(text: str, span: Span, scope: Scope, expected: Type) -> Expression | None:
    """Return an expression that the language itself writes; None when it makes no sense there."""
    parsed = parse(text, span)
    checked = parsed if isinstance(parsed, list) else check(parsed, scope, expected)
    if isinstance(checked, list):
        return None
    return Expression(text=text, tree=checked, span=span)


def _placed(found: Iterable[Diagnostic], node: Scalar) -> list[Diagnostic]:
    return [replace(one, span=_place(one, node)) for one in found]


def _place(found: Diagnostic, node: Scalar) -> Span:
    if found.span is None:
        return node.span
    return node.within(found.span.column - 1, found.span.length)
