"""No function changes what a module holds for all requests."""

import ast
from collections.abc import Iterator, Set
from typing import Final

from tospec.evidence import Violation
from tospec.gate.functions import (
    Function,
    FunctionNode,
    direct,
    functions,
    last_name,
    parameters,
)
from tospec.gate.modules import Module
from tospec.gate.planting import code
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest

_FIX: Final = "Keep it in an object that is handed over, in the application's state, or stored."
_CHANGED: Final = Rule("mutable-global", _FIX)
_REBOUND: Final = Rule("rebound-global", _FIX)
_MAKERS: Final = frozenset(
    {"Counter", "OrderedDict", "WeakKeyDictionary", "WeakSet", "WeakValueDictionary"}
    | {"bytearray", "defaultdict", "deque", "dict", "list", "set"}
)
_CHANGERS: Final = frozenset(
    {"add", "append", "appendleft", "clear", "difference_update", "discard", "extend"}
    | {"extendleft", "insert", "intersection_update", "pop", "popitem", "popleft", "remove"}
    | {"reverse", "setdefault", "sort", "update"}
)


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    held = _held(module)
    if not held:
        return judged(0, ())
    mutable = {name for name, value in held.items() if _is_mutable(value)}
    found: list[Violation] = []
    for each in functions(module):
        inner = list(direct(each.node))
        if not _registers(each.node, inner):
            found += _changes(module, each, inner, held.keys(), mutable)
            found += _rebindings(module, each, inner)
    return judged(len(held), found)


def _held(module: Module) -> dict[str, ast.expr]:
    """Return what the module's names are bound to."""
    held: dict[str, ast.expr] = {}
    for node in module.syntax.body:
        if isinstance(node, ast.Assign):
            held.update({t.id: node.value for t in node.targets if isinstance(t, ast.Name)})
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            held[node.target.id] = node.value
    return held


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name | ast.Attribute | ast.Subscript) and (
            last_name(value.func) in _MAKERS
        )
    kinds = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
    return isinstance(value, kinds)


def _changes(
    module: Module, function: Function, inner: list[ast.AST], held: Set[str], mutable: Set[str]
) -> Iterator[Violation]:
    own = _local_names(function.node, inner)
    for node in inner:
        # Whatever takes an item is mutable; of the methods, only those of known kinds tell.
        names = held if isinstance(node, ast.Subscript) else mutable
        name = _changed_name(node)
        if name in names and name not in own:
            message = f"{function.node.name} changes {name}, which the module holds for everybody."
            yield _CHANGED.broken(module, node, message)


def _changed_name(node: ast.AST) -> str:
    """Return the name whose value a node changes; empty for other nodes."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _name_of(node.func.value) if node.func.attr in _CHANGERS else ""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return _name_of(node.value)
    return ""


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _local_names(node: FunctionNode, inner: list[ast.AST]) -> set[str]:
    """Return the names that are bound in the function itself."""
    shared = {name for each in inner if isinstance(each, ast.Global) for name in each.names}
    stored = {
        each.id for each in inner if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    return (stored | {each.arg for each in parameters(node)}) - shared


def _rebindings(module: Module, function: Function, inner: list[ast.AST]) -> Iterator[Violation]:
    stored = {
        n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store | ast.Del)
    }
    for node in inner:
        if isinstance(node, ast.Global):
            for name in sorted(stored.intersection(node.names)):
                message = f"{function.node.name} rebinds the global {name}."
                yield _REBOUND.broken(module, node, message)


def _registers(node: FunctionNode, inner: list[ast.AST]) -> bool:
    """Return whether a function is a decorator that puts what it decorates into a register."""
    answers = [each.value for each in inner if isinstance(each, ast.Return)]
    taken = {each.arg for each in parameters(node)}
    returned = {_name_of(answer) for answer in answers if answer is not None}
    return bool(returned) and returned <= taken and not isinstance(node, ast.AsyncFunctionDef)


GATE: Final = ModuleGate(
    name="no-mutable-globals",
    title="no function changes what a module holds",
    looked_for="names that modules hold",
    judge=_judge,
    plants=(
        code(
            "append",
            "_SEEN: list[str] = []\n\n\ndef planted(x: str) -> None:\n    _SEEN.append(x)\n",
        ),
        code("item", "_CACHE = {}\n\n\ndef planted(x: str) -> None:\n    _CACHE[x] = 1\n"),
        code(
            "rebind",
            "_last = None\n\n\ndef planted(x: str) -> None:\n    global _last\n    _last = x\n",
        ),
    ),
)
