"""Which tests assert nothing, told from their source."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tospec.gate.functions import FunctionNode, decorators, functions, last_name
from tospec.gate.modules import Kind, Module
from tospec.gate.tree import TreeUnderTest

# What makes a test fail besides `assert`: of pytest, hypothesis, unittest.mock and Playwright.
_ASSERTING: Final = frozenset({"raises", "warns", "deprecated_call", "fail", "expect", "snapshot"})
_ASSERTING_STARTS: Final = ("assert", "expect_", "should_")


@dataclass(frozen=True, slots=True)
class TestFunction:
    """A test in the source.

    Attributes:
        module: Where it stands.
        node: Its definition.
        id: Its node id without parameters, such as `tests/test_x.py::TestY::test_z`.
    """

    module: Module
    node: FunctionNode
    id: str


def tests_of(tree: TreeUnderTest) -> tuple[TestFunction, ...]:
    """Return the tests that pytest finds by its own rules, in order of place."""
    return tuple(
        found for module in tree.of_kind(Kind.TEST) if is_test_file(module.path)
        for found in _tests(module)
    )  # fmt: skip


def is_test_file(path: str) -> bool:
    """Return whether pytest looks for tests in a file, by its own rules."""
    name = path.rpartition("/")[2]
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def without_assertion(tree: TreeUnderTest, tests: Iterable[TestFunction]) -> list[TestFunction]:
    """Return the tests that cannot fail unless the code that they call raises.

    A test asserts if it does so itself, or calls, directly or over others, a function of the tests
    that does; functions are told apart by name only, in favour of the tests.
    """
    names = _asserting_names(tree)
    return [each for each in tests if not _asserts(each.node, names)]


def _tests(module: Module) -> Iterator[TestFunction]:
    for each in functions(module):
        is_named = each.node.name.startswith("test") and "fixture" not in decorators(each.node)
        if not is_named or each.nested or (each.owner is not None and _is_no_case(each.owner)):
            continue
        place = (each.owner.name,) if each.owner is not None else ()
        yield TestFunction(module, each.node, "::".join((module.path, *place, each.node.name)))


def _is_no_case(owner: ast.ClassDef) -> bool:
    """Whether pytest finds no tests in a class; those of unittest have names of any kind."""
    is_unittest = any("TestCase" in ast.unparse(base) for base in owner.bases)
    has_init = any(isinstance(n, ast.FunctionDef) and n.name == "__init__" for n in owner.body)
    return not is_unittest and (not owner.name.startswith("Test") or has_init)


def _asserting_names(tree: TreeUnderTest) -> frozenset[str]:
    """Return the names of all functions of the tests that assert, directly or over others."""
    bodies: dict[str, list[FunctionNode]] = {}
    for module in tree.of_kind(Kind.TEST):
        for each in functions(module):
            bodies.setdefault(each.node.name, []).append(each.node)
    asserting = {name for name, nodes in bodies.items() if any(map(_has_assert, nodes))}
    calls = {name: _called(nodes) for name, nodes in bodies.items()}
    return frozenset(_closure(asserting, calls))


def _closure(asserting: set[str], calls: Mapping[str, set[str]]) -> set[str]:
    grown = True
    while grown:
        more = {name for name, called in calls.items() if called & asserting} - asserting
        asserting |= more
        grown = bool(more)
    return asserting


def _called(nodes: Iterable[ast.AST]) -> set[str]:
    inner = (n for node in nodes for n in ast.walk(node))
    return {last_name(n.func) for n in inner if isinstance(n, ast.Call)} - {""}


def _has_assert(node: ast.AST) -> bool:
    return any(map(_is_assertion, ast.walk(node)))


def _is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant) or not node.test.value
    if isinstance(node, ast.Raise) and node.exc is not None:
        return "AssertionError" in ast.unparse(node.exc)
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    return name in _ASSERTING or name.lower().startswith(_ASSERTING_STARTS)


def _asserts(node: FunctionNode, names: frozenset[str]) -> bool:
    arguments = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
    return _has_assert(node) or bool((_called([node]) | arguments) & names)
