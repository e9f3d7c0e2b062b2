"""From text to syntax."""

from lark import Token, Tree, UnexpectedInput, UnexpectedToken

from tospec.diagnostics import Diagnostic
from tospec.expression.builder import Builder
from tospec.expression.grammar import parse_tree
from tospec.expression.limits import within_limits
from tospec.expression.nodes import Expression
from tospec.expression.problems import SYNTAX, Problems
from tospec.source import Span

_MEANT = {
    "=": "Compare with ==.",
    "&": "Write && for and.",
    "|": "Write || for or.",
    "and": "Write && for and.",
    "or": "Write || for or.",
    "not": "Write ! for not.",
    "is": "Compare with == or !=.",
    "if": "Write test ? then : otherwise.",
    "lambda": "There are no functions in expressions.",
    "for": "Write exists(relation, condition) or count(relation, condition).",
    "*": "There is no power operator.",
}


def parse(text: str, span: Span) -> Expression | list[Diagnostic]:
    """Return the syntax of an expression, or what is wrong with it.

    Args:
        text: One line of text; it is never evaluated.
        span: Where the text starts; each part's place is reckoned from there.
    """
    problems = Problems(span)
    if not within_limits(text, problems):
        return problems.all()
    tree = _tree(text, problems)
    root = None if tree is None else Builder(problems).build(tree)
    found = problems.all()
    return found if root is None or found else Expression(text, span, root)


def _tree(text: str, problems: Problems) -> Tree[Token] | None:
    try:
        return parse_tree(text)
    except UnexpectedInput as error:
        _report(text, error, problems)
        return None


def _report(text: str, error: UnexpectedInput, problems: Problems) -> None:
    offset = error.pos_in_stream or 0
    found = text[offset : offset + 1]
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        offset, found = error.token.start_pos or 0, str(error.token)
    if not found or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        _report_end(text, problems)
        return
    message = f"{found!r} is not expected here."
    problems.add_at(SYNTAX, offset, len(found), message, _help(text, offset, found))


def _report_end(text: str, problems: Problems) -> None:
    what = "ends too early" if text.strip() else "is empty"
    problems.add_at(SYNTAX, len(text.rstrip()), 1, f"The expression {what}.")


def _help(text: str, offset: int, found: str) -> str:
    before = text[:offset].split()
    return _MEANT.get(found) or _MEANT.get(before[-1] if before else "", "")
