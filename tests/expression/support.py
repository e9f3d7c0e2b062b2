"""Short ways from a text to what is tested."""

from tests.expression.demo.names import row_names, table_names
from tests.expression.demo.scope import DemoScope
from tospec.diagnostics import Diagnostic
from tospec.expression import BOOL, Scope, Type, TypedExpression, check, parse
from tospec.lowering.expressions import to_python, to_sqlalchemy
from tospec.source import Span

SPAN = Span("spec.md", 7, 11)


def analysed(
    text: str, scope: Scope | None = None, expected: Type = BOOL
) -> TypedExpression | list[Diagnostic]:
    parsed = parse(text, SPAN)
    return parsed if isinstance(parsed, list) else check(parsed, scope or DemoScope(), expected)


def typed(text: str, scope: Scope | None = None, expected: Type = BOOL) -> TypedExpression:
    result = analysed(text, scope, expected)
    assert not isinstance(result, list), result
    return result


def errors(text: str, scope: Scope | None = None, expected: Type = BOOL) -> list[tuple[str, str]]:
    """Return code and source text of each error."""
    result = analysed(text, scope, expected)
    found = []
    for each in result if isinstance(result, list) else []:
        assert each.span is not None
        start = each.span.column - SPAN.column
        found.append((each.code, text[start : start + each.span.length]))
    return found


def python(text: str, expected: Type = BOOL) -> str:
    return to_python(typed(text, expected=expected), row_names()).text


def sql(text: str, expected: Type = BOOL, *, exact: bool = False) -> str:
    return to_sqlalchemy(typed(text, expected=expected), table_names(), exact=exact).text
