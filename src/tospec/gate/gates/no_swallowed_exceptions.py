"""No exception that could mean anything vanishes without a trace."""

import ast
from collections.abc import Iterator
from typing import Final

from tospec.evidence import Violation
from tospec.gate.functions import direct
from tospec.gate.modules import Kind, Module
from tospec.gate.planting import code
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest

_FIX: Final = "Catch the exceptions that are expected here; log or raise the others."
_BARE: Final = Rule("bare-except", _FIX)
_SWALLOWED: Final = Rule("swallowed-exception", _FIX)
_CALL_AND_ANSWER: Final = 2
_BROAD: Final = frozenset({"Exception", "BaseException"})


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    kinds = ast.ExceptHandler | ast.FunctionDef | ast.AsyncFunctionDef
    suppressions = _suppressions(module)
    total = sum(isinstance(node, kinds) for node in module.nodes) + len(suppressions)
    return judged(total, [*_handlers(module), *_suppressed(module, suppressions)])


def _handlers(module: Module) -> Iterator[Violation]:
    asked = {id(n) for each in module.nodes if _asks(each) for n in ast.iter_child_nodes(each)}
    for node in module.nodes:
        if not isinstance(node, ast.ExceptHandler):
            continue
        if node.type is None and not _raises(node):
            yield _BARE.broken(module, node, "A bare except catches even interrupts and exits.")
        elif _is_broad(node.type) and _is_silent(node) and id(node) not in asked:
            message = "Every exception is caught, and nobody learns of it."
            yield _SWALLOWED.broken(module, node, message)


def _asks(node: ast.AST) -> bool:
    """Return whether a `try` asks whether one call works, and answers true or false."""
    if not isinstance(node, ast.Try) or len(node.handlers) != 1:
        return False
    answers = [each.body[-1] for each in (node, node.handlers[0])]
    values = [each.value for each in answers if isinstance(each, ast.Return)]
    said = [each.value for each in values if isinstance(each, ast.Constant)]
    return len(node.body) == _CALL_AND_ANSWER and sorted(map(repr, said)) == ["False", "True"]


def _suppressions(module: Module) -> list[ast.Call]:
    calls = (node for node in module.nodes if isinstance(node, ast.Call))
    return [call for call in calls if module.origin(call.func) == "contextlib.suppress"]


def _suppressed(module: Module, calls: list[ast.Call]) -> Iterator[Violation]:
    for call in calls:
        if any(map(_is_broad, call.args)):
            yield _SWALLOWED.broken(module, call, "suppress() hides every exception.")


def _is_broad(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Tuple):
        return any(map(_is_broad, node.elts))
    return isinstance(node, ast.Name) and node.id in _BROAD


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in direct(handler))


def _is_silent(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler does nothing but go on: no call, no use of the exception."""
    return all(_goes_on(statement) for statement in handler.body)


def _goes_on(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass | ast.Continue | ast.Break):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Return) and _says_nothing(statement.value)


def _says_nothing(value: ast.expr | None) -> bool:
    """Return whether an answer tells nothing of a failure: an emptiness, a truth, a number."""
    if isinstance(value, ast.List | ast.Tuple | ast.Set | ast.Dict):
        return all(isinstance(each, ast.expr_context) for each in ast.iter_child_nodes(value))
    return value is None or (isinstance(value, ast.Constant) and not _is_message(value))


def _is_message(value: ast.Constant) -> bool:
    return isinstance(value.value, str) and bool(value.value.strip())


def _planted(body: str, caught: str = " Exception") -> str:
    return (
        "def planted(x: str) -> int | None:\n    try:\n        return int(x)\n"
        f"    except{caught}:\n        {body}\n"
    )


GATE: Final = ModuleGate(
    name="no-swallowed-exceptions",
    title="no exception vanishes without a trace",
    looked_for="functions, exception handlers and suppressions",
    judge=_judge,
    kinds=(Kind.APPLICATION, Kind.MIGRATION),
    plants=(
        code("bare", _planted("print(x)", "")),
        code("pass", _planted("pass")),
        code("return", _planted("return None", " (ValueError, BaseException)")),
        code(
            "suppress",
            "import contextlib\n\n\ndef planted(x: str) -> None:\n"
            "    with contextlib.suppress(Exception):\n        int(x)\n",
        ),
    ),
)
