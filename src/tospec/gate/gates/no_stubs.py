"""No function of the application only pretends to do its job."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tospec.evidence import Violation
from tospec.gate.functions import (
    Function,
    body_of,
    decorators,
    functions,
    is_text,
    last_name,
    parameters,
    routes,
)
from tospec.gate.modules import Module
from tospec.gate.planting import code
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest

_EMPTY: Final = Rule("stub", "Write what it does, or remove it.")
_CONSTANT: Final = Rule(
    "constant-answer", "Answer from what the request asks for, or remove the route."
)
_ABSTRACT: Final = frozenset({"Protocol", "ABC", "Interface"})
# Classes of data, whose bases have no methods that one overrides with nothing.
_DATA: Final = frozenset(
    {"Base", "BaseModel", "DeclarativeBase", "Generic", "NamedTuple", "SQLModel", "TypedDict"}
    | {"object"}
)
# A class named so does nothing in the place of one that does something.
_NULL: Final = re.compile(
    r"^_?(?:Dummy|Empty|No|Noop|NoOp|Null|Silent)(?=[A-Z])|(?:Noop|NoOp|Null)$"
)
# A dependency with such a name must do something.
_GUARD: Final = re.compile(
    r"admin|allow|auth|check|ensure|guard|limit|permi|requir|role|user|verif"
)
# So many constants are a table to look things up in, which may well be the same for everybody.
_CATALOGUE: Final = 24
_PROBES: Final = (
    "alive",
    "health",
    "heartbeat",
    "live",
    "ping",
    "probe",
    "ready",
    "root",
    "status",
)


def _judge(module: Module, tree: TreeUnderTest) -> Judged:
    every = list(functions(module))
    found = [found for each in every if (found := _violation(module, each, tree))]
    return judged(len(every), found)


def _violation(module: Module, function: Function, tree: TreeUnderTest) -> Violation | None:
    node = function.node
    kind = _kind_of_stub(node)
    if kind and not _is_meant(function, kind, _Uses.of(tree)):
        return _EMPTY.broken(module, node, f"{node.name} does nothing: its body is {kind}.")
    if _is_constant_answer(node) and not _is_probe(node):
        message = f"The handler {node.name} answers the same constant to every request."
        return _CONSTANT.broken(module, node, message)
    return None


def _kind_of_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return what the body of a stub is made of; empty for other functions."""
    body = body_of(node)
    if not body:
        return "a docstring only"
    if len(body) != 1:
        return ""
    (only,) = body
    if isinstance(only, ast.Pass):
        return "pass"
    if isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant):
        return "..." if only.value.value is ... else ""
    if isinstance(only, ast.Raise) and only.exc is not None:
        return "raise NotImplementedError" if last_name(only.exc) == "NotImplementedError" else ""
    return ""


class _Uses:
    """How functions and classes are used in the rest of a tree, by bare names."""

    def __init__(self, tree: TreeUnderTest) -> None:
        calls = (n for m in tree.modules for n in m.nodes if isinstance(n, ast.Call))
        self._depended = {
            last_name(arg) for c in calls if last_name(c.func) == "Depends" for arg in c.args
        }
        classes = [n for m in tree.modules for n in m.nodes if isinstance(n, ast.ClassDef)]
        self._bases: dict[str, set[str]] = {}
        self._methods: dict[str, set[str]] = {}
        self._overridden: set[tuple[str, str]] = set()
        for node in classes:
            self._bases.setdefault(node.name, set()).update(map(last_name, node.bases))
            self._methods.setdefault(node.name, set()).update(_methods(node))
        for name, methods in self._methods.items():
            above = self.above(name)
            self._overridden |= {(base, method) for base in above for method in methods}

    @staticmethod
    @lru_cache(maxsize=4)
    def of(tree: TreeUnderTest) -> "_Uses":
        return _Uses(tree)

    def only_declares(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Return whether a function is a dependency that is there for its parameters' types."""
        has_types = any(each.annotation for each in parameters(node))
        return has_types and node.name in self._depended and not _GUARD.search(node.name)

    def above(self, name: str) -> set[str]:
        """Return the bases of a class and their bases."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            new = self._bases.get(waiting.pop(), set()) - found - {name}
            found |= new
            waiting += sorted(new)
        return found

    def is_overridden(self, name: str, method: str) -> bool:
        """Return whether a class below the named one defines the method anew."""
        return (name, method) in self._overridden

    def may_override(self, name: str, method: str) -> bool:
        """Return whether a base of the named class has the method, or may have it."""
        return any(
            method in self._methods[base] if base in self._methods else base not in _DATA
            for base in self.above(name) - _ABSTRACT
        )

    def is_abstract(self, name: str) -> bool:
        """Return whether a class is one that nobody makes an instance of."""
        return bool(self._bases.get(name, set()) & _ABSTRACT)


def _methods(node: ast.ClassDef) -> set[str]:
    return {n.name for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


def _is_meant(function: Function, kind: str, uses: _Uses) -> bool:
    """Return whether having no body is what the function is there for."""
    node, owner = function.node, function.owner
    if decorators(node) - {"classmethod", "staticmethod", "property"} and not routes(node):
        # What a decorator makes of it may be all that it is for.
        return True
    if owner is None:
        is_silent = kind != "raise NotImplementedError"
        return is_silent and (function.nested or uses.only_declares(node))
    if _is_bodiless(owner, uses) or uses.is_overridden(owner.name, node.name):
        return True
    is_dunder = node.name.startswith("__") and node.name.endswith("__")
    return (is_dunder and kind != "raise NotImplementedError") or (
        uses.may_override(owner.name, node.name)
    )


def _is_bodiless(owner: ast.ClassDef, uses: _Uses) -> bool:
    """Return whether methods without a body are what a class is for."""
    is_abc = any(k.arg == "metaclass" and last_name(k.value) == "ABCMeta" for k in owner.keywords)
    is_fault = owner.name.endswith(("Error", "Exception", "Warning"))
    is_null = _NULL.search(owner.name) is not None
    return is_abc or is_fault or is_null or uses.is_abstract(owner.name)


def _is_constant_answer(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = body_of(node)
    if not routes(node) or len(body) != 1 or not isinstance(body[0], ast.Return):
        return False
    value = body[0].value
    return value is not None and _is_constant(value) and _leaves(value) < _CATALOGUE


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return all(map(_is_constant, [*node.keys, *node.values])) if all(node.keys) else False  # type: ignore[arg-type]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(map(_is_constant, node.elts))
    return isinstance(node, ast.Constant) and node.value is not None


def _leaves(node: ast.expr) -> int:
    return sum(isinstance(each, ast.Constant) for each in ast.walk(node))


def _is_probe(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a constant is all that the route is asked for."""
    return any(probe in text for text in _names(node) for probe in _PROBES) or ("/" in _names(node))


def _names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    yield node.name.lower()
    for route in routes(node):
        yield from (
            str(arg.value).lower()
            for arg in route.args
            if is_text(arg) and isinstance(arg, ast.Constant)
        )


GATE: Final = ModuleGate(
    name="no-stubs",
    title="no function only pretends to do its job",
    looked_for="functions of the application",
    judge=_judge,
    plants=(
        code("pass", "def planted() -> None:\n    pass\n"),
        code("ellipsis", "class Planted:\n    def method(self) -> int:\n        ...\n"),
        code("docstring-only", 'def planted() -> None:\n    """Does it."""\n'),
        code("not-implemented", "def planted() -> int:\n    raise NotImplementedError\n"),
        code(
            "constant-answer",
            "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n"
            '@router.get("/planted/orders")\nasync def orders() -> list[str]:\n    return []\n',
        ),
    ),
)
