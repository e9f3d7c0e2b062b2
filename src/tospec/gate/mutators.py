"""Ways to break a promise of a built tree, found by its structure."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tospec.gate.functions import FunctionNode, functions, last_name
from tospec.gate.modules import Module

type Change = tuple[ast.expr | ast.stmt, str]
type Find = Callable[[Module], Iterator[Change]]

_TRUE: Final = '__import__("sqlalchemy").true()'


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutator:
    """A way to break a promise.

    Attributes:
        name: Name in kebab-case.
        message: What is wrong after it, in words.
        folder: Name of the folder whose files may have what it changes.
        find: Yields the places in a file, with what to write there.
        tests: Files and folders of tests that should notice; `{}` stands for the file's name.
        central: Whether the file comes first that most others import.
        always: Whether every built tree has such a place.
    """

    name: str
    message: str
    folder: str
    find: Find
    tests: tuple[str, ...]
    central: bool = False
    always: bool = False


def _unfiltered(module: Module) -> Iterator[Change]:
    """The tenant's column equals itself."""
    scoping = [each.node for each in functions(module) if each.node.name == "_scoped"]
    for node in (n for each in scoping for n in ast.walk(each)):
        if isinstance(node, ast.Compare) and last_name(node.left) == "tenant_id":
            own = ast.unparse(node.left)
            yield node, f"{own} == {own}"


def _without_role_check(module: Module) -> Iterator[Change]:
    for node in module.nodes:
        if isinstance(node, ast.If) and _calls(node.test, "has"):
            yield node.test, "False"


def _open_policy(module: Module) -> Iterator[Change]:
    for returned in _returned(module, lambda node: _returns(node) == "bool"):
        if not isinstance(returned, ast.Constant):
            yield returned, "True"


def _nothing_hidden(module: Module) -> Iterator[Change]:
    """What only some may see, everybody sees."""
    for returned in _returned(module, lambda node: node.name == "visible"):
        if _calls(returned, "or_"):
            yield returned, _TRUE


def _without_raise(*errors: str) -> Find:
    def find(module: Module) -> Iterator[Change]:
        for node in module.nodes:
            if isinstance(node, ast.Raise) and node.exc and last_name(node.exc) in errors:
                yield node, "pass"

    return find


def _inverted_guard(module: Module) -> Iterator[Change]:
    for node in module.nodes:
        if isinstance(node, ast.If) and any(
            isinstance(each, ast.Raise) and each.exc and "Transition" in last_name(each.exc)
            for each in node.body
        ):
            yield node.test, f"not ({ast.unparse(node.test)})"


def _without_rules(module: Module) -> Iterator[Change]:
    for returned in _returned(module, lambda node: node.name.startswith("on_")):
        if isinstance(returned, ast.Tuple) and returned.elts:
            yield returned, "()"


def _without_call(owner: str, method: str) -> Find:
    def find(module: Module) -> Iterator[Change]:
        for node in module.nodes:
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Await)
                and isinstance(node.value.value, ast.Call)
                and ast.unparse(node.value.value.func) == f"self.{owner}.{method}"
            ):
                yield node, "pass"

    return find


def _without_revocation(module: Module) -> Iterator[Change]:
    """A sign-in is looked up whether or not it was revoked."""
    fixed = (each for each in module.nodes if isinstance(each, ast.AnnAssign) and each.value)
    for statement in (each for each in fixed if _names(each, "family_id")):
        for node in ast.walk(statement):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "is_"
                and last_name(node.func.value) == "revoked_at"
            ):
                yield node, _TRUE


def _longer(module: Module) -> Iterator[Change]:
    for owner in (n for n in module.nodes if isinstance(n, ast.ClassDef)):
        for node in ast.walk(owner):
            if (
                owner.name.endswith("Create")
                and isinstance(node, ast.keyword)
                and node.arg == "max_length"
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, int)
            ):
                yield node.value, str(node.value.value * 1000)


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr == name for each in ast.walk(node))


def _calls(node: ast.AST, name: str) -> bool:
    calls = (n for n in ast.walk(node) if isinstance(n, ast.Call))
    return any(last_name(each.func) == name for each in calls)


def _returned(module: Module, of: Callable[[FunctionNode], bool]) -> Iterator[ast.expr]:
    for each in functions(module):
        if of(each.node):
            for node in each.node.body:
                if isinstance(node, ast.Return) and node.value is not None:
                    yield node.value


def _returns(node: FunctionNode) -> str:
    return ast.unparse(node.returns) if node.returns else ""


MUTATORS: Final = (
    Mutator(
        name="no-tenant-filter",
        message="rows of every tenant are found",
        folder="repositories",
        find=_unfiltered,
        tests=("tests/isolation",),
        central=True,
        always=True,
    ),
    Mutator(
        name="no-role-check",
        message="every role may do everything",
        folder="authorization",
        find=_without_role_check,
        tests=("tests/authorization/test_role_matrix.py",),
        always=True,
    ),
    Mutator(
        name="open-policy",
        message="whoever sees a row may act on it",
        folder="policies",
        find=_open_policy,
        tests=("tests/authorization/test_{}",),
    ),
    Mutator(
        name="nothing-hidden",
        message="everybody in a tenant sees every row",
        folder="policies",
        find=_nothing_hidden,
        tests=("tests/isolation/test_hidden_rows.py",),
    ),
    Mutator(
        name="no-if-match",
        message="a change is made whatever version it was meant for",
        folder="core",
        find=_without_raise("PreconditionFailedError"),
        tests=("tests/operations/test_preconditions.py",),
        always=True,
    ),
    Mutator(
        name="inverted-guard",
        message="only the moves that a state does not allow are made",
        folder="core",
        find=_inverted_guard,
        tests=("tests/lifecycles",),
    ),
    Mutator(
        name="no-rules",
        message="a business rule is not asked",
        folder="rules",
        find=_without_rules,
        tests=("tests/rules/test_{}",),
    ),
    Mutator(
        name="no-event",
        message="a change is announced to nobody",
        folder="services",
        find=_without_call("_outbox", "add"),
        tests=("tests/events/test_{}", "tests/events/test_announcements.py"),
    ),
    Mutator(
        name="no-audit",
        message="a change leaves no entry in the audit trail",
        folder="services",
        find=_without_call("_audit", "record"),
        tests=("tests/audit",),
    ),
    Mutator(
        name="no-sign-out",
        message="a sign-in that was ended goes on",
        folder="repositories",
        find=_without_revocation,
        tests=("tests/accounts/test_refresh.py", "tests/accounts/test_sign_in.py"),
    ),
    Mutator(
        name="longer-text",
        message="a text may be longer than the limit",
        folder="schemas",
        find=_longer,
        tests=("tests/validation/test_{}",),
    ),
)
