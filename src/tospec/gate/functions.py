"""Functions of a module, and what stands directly in them."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeGuard

from tospec.gate.modules import Module

type FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

_METHODS: Final = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route", "route"}
)
_RUN_LATER: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Function:
    """A function and the classes and functions around it.

    Attributes:
        node: Its definition.
        owner: The class whose method it is; None for others.
        nested: Whether it stands in another function.
    """

    node: FunctionNode
    owner: ast.ClassDef | None = None
    nested: bool = False


def functions(module: Module) -> Iterator[Function]:
    """Yield every function of a module in order of place, but those for the checker of types."""
    yield from _within(module.syntax, None, nested=False)


def is_for_types(node: ast.AST) -> TypeGuard[ast.If]:
    """Return whether the body of a statement serves the checker of types and never runs."""
    return isinstance(node, ast.If) and last_name(node.test) == "TYPE_CHECKING"


def _within(node: ast.AST, owner: ast.ClassDef | None, *, nested: bool) -> Iterator[Function]:
    for child in _that_run(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(child, owner, nested)
            yield from _within(child, None, nested=True)
        elif isinstance(child, ast.ClassDef):
            yield from _within(child, child, nested=nested)
        elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _within(child, owner, nested=nested)


def _that_run(node: ast.AST) -> Iterable[ast.AST]:
    return node.orelse if is_for_types(node) else ast.iter_child_nodes(node)


def direct(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when a function's own body runs, not those of inner functions."""
    for child in _run_with(node):
        yield child
        if not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
        ):
            yield from direct(child)


def _run_with(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from node.body
    else:
        yield from ast.iter_child_nodes(node)


def body_of(node: FunctionNode | ast.ClassDef) -> list[ast.stmt]:
    """Return the statements of a body, without its docstring."""
    first = node.body[0]
    has_docstring = isinstance(first, ast.Expr) and is_text(first.value)
    return node.body[1:] if has_docstring else node.body


def is_text(node: ast.AST) -> bool:
    """Return whether a node is a literal text."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def parameters(node: FunctionNode | ast.Lambda) -> tuple[ast.arg, ...]:
    """Return all parameters in order."""
    every = node.args
    named = [*every.posonlyargs, *every.args, *every.kwonlyargs]
    return tuple(named + [each for each in (every.vararg, every.kwarg) if each])


def called(decorator: ast.expr) -> ast.expr:
    """Return what a decorator is, without its arguments."""
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def last_name(node: ast.AST) -> str:
    """Return the last part of a dotted name, ignoring subscripts; or empty."""
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def decorators(node: FunctionNode | ast.ClassDef) -> frozenset[str]:
    """Return the last parts of the names of the decorators."""
    return frozenset(last_name(each) for each in node.decorator_list)


def routes(node: FunctionNode) -> tuple[ast.Call, ...]:
    """Return the decorators that make a function answer requests, as `@router.get("/x")` does."""
    return tuple(
        each
        for each in node.decorator_list
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr in _METHODS
        and (each.args or any(keyword.arg == "path" for keyword in each.keywords))
    )
