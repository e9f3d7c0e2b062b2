"""Who imports whom is as agreed, routes only translate, repositories only store."""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from tospec.evidence import Violation
from tospec.gate import tools
from tospec.gate.base import CannotRunError, Findings
from tospec.gate.functions import functions, last_name, routes
from tospec.gate.modules import Kind, Module, kind_of
from tospec.gate.planting import code_at, edit
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

_CONTRACTS: Final = ".importlinter"
_TIMEOUT: Final = 120.0
_LINT: Final = (
    "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; "
    "sys.exit(lint_imports(no_cache=True))"
)
_IMPORT: Final = Rule("import-against-layers", "Move the code to the layer that it belongs to.")
_LOGIC: Final = Rule("logic-in-route", "Move it into a command, a query or a service.")
_REACH: Final = Rule("route-reaches-down", "Ask a command, a query or a service for it.")
_ASKING: Final = Rule("authorization-in-repository", "Decide before the repository is called.")
_ARROW: Final = re.compile(
    r"^-?\s*(?P<importer>[\w.]+)\s*->\s*(?P<imported>[\w.]+)\s*\(l\.(?P<line>\d+)"
)
_STATEMENTS: Final = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.Match, ast.Raise,
    ast.IfExp, ast.ListComp, ast.SetComp, ast.DictComp,
)  # fmt: skip
_BELOW_ROUTES: Final = frozenset({"db", "models", "repositories", "repository", "sqlalchemy"})
_DECIDING: Final = frozenset({"decisions", "dispatch", "permissions", "policies", "actor"})
_DECISION: Final = re.compile(
    r"^(?:require|authorize|allows?|permits?|check_permission|has_role)\b"
)


def _judge(tree: TreeUnderTest) -> Findings:
    contracts = _contracts(tree)
    found = [*_broken_contracts(tree), *_in_routes(tree), *_in_repositories(tree)]
    total = len(contracts) + len(list(_routed(tree))) + len(list(_stores(tree)))
    return Findings(
        candidates=total,
        checked=total,
        violations=tuple(found),
        versions=version_of(tree, "import-linter"),
    )


def _contracts(tree: TreeUnderTest) -> list[str]:
    """Return the names of the contracts of the tree."""
    text = tree.read(_CONTRACTS)
    if text is None:
        raise CannotRunError(f"There is no {_CONTRACTS}.", "Restore it; it says who imports whom.")
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error as fault:
        raise CannotRunError(f"{_CONTRACTS} cannot be read: {fault}.", "Mend it.") from fault
    found = [name for name in parser.sections() if name.startswith("importlinter:contract:")]
    if not found:
        raise CannotRunError(f"{_CONTRACTS} has no contract.", "Restore its contracts.")
    return found


def _broken_contracts(tree: TreeUnderTest) -> Iterator[Violation]:
    done = tools.run([tree.python, "-P", "-c", _LINT], cwd=tree.root, timeout=_TIMEOUT)
    if done.fault or done.code not in {0, 1} or "Contracts:" not in done.output:
        why = done.fault or done.last_line or "it said nothing"
        raise CannotRunError(
            f"import-linter did not run: {why}.", "Install requirements-dev.txt for --python."
        )
    if done.code == 0:
        return
    found = list(_arrows(tree, done.output))
    yield from found
    if not found:
        yield _IMPORT.at(_CONTRACTS, _broken_summary(done.output))


def _arrows(tree: TreeUnderTest, output: str) -> Iterator[Violation]:
    for match in map(_ARROW.match, map(str.strip, output.split("\n"))):
        if match:
            importer, imported, line = match["importer"], match["imported"], int(match["line"])
            path = _path_of(tree, importer)
            yield _IMPORT.at(path, f"{importer} must not import {imported}.", line, 1)


def _broken_summary(output: str) -> str:
    broken = [line.strip() for line in output.split("\n") if line.rstrip().endswith("BROKEN")]
    return f"Broken: {'; '.join(broken) or 'a contract'}."


def _path_of(tree: TreeUnderTest, name: str) -> str:
    stem = name.replace(".", "/")
    paths = (f"{stem}.py", f"{stem}/__init__.py")
    return next((path for path in paths if tree.module(path)), "")


def _routed(tree: TreeUnderTest) -> Iterator[tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for module in tree.of_kind(Kind.APPLICATION):
        for function in functions(module):
            if function.owner is None and routes(function.node) and "routes" in _places(module):
                yield module, function.node


def _places(module: Module) -> tuple[str, ...]:
    """Return the parts of a module's path that say what layer it is of."""
    parts = PurePosixPath(module.path).with_suffix("").parts
    return (*parts, "routes") if parts[-1] == "router" else parts


def _in_routes(tree: TreeUnderTest) -> Iterator[Violation]:
    seen: set[str] = set()
    for module, node in _routed(tree):
        for inner in (n for statement in node.body for n in ast.walk(statement)):
            if isinstance(inner, _STATEMENTS):
                kind = type(inner).__name__.lower()
                yield _LOGIC.broken(module, inner, f"The route {node.name} decides: {kind}.")
        if module.path not in seen:
            seen.add(module.path)
            yield from _reaching(module)


def _reaching(module: Module) -> Iterator[Violation]:
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            reached = _BELOW_ROUTES.intersection(node.module.split(".")[:2])
            if reached:
                message = f"Routes import {node.module}, which is not theirs to know."
                yield _REACH.broken(module, node, message)


def _stores(tree: TreeUnderTest) -> Iterator[Module]:
    for module in tree.of_kind(Kind.APPLICATION):
        *folders, name = PurePosixPath(module.path).parts
        if ("repositories" in folders and name != "__init__.py") or name == "repository.py":
            yield module


def _in_repositories(tree: TreeUnderTest) -> Iterator[Violation]:
    for module in _stores(tree):
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = node.module.split(".")
                if "authorization" in parts and _DECIDING & set(parts):
                    message = f"A repository imports {node.module}."
                    yield _ASKING.broken(module, node, message)
            elif isinstance(node, ast.Call) and _DECISION.match(last_name(node.func)):
                yield _ASKING.broken(module, node, f"A repository calls {last_name(node.func)}().")


def _inputs(tree: TreeUnderTest) -> tuple[str, ...]:
    own = tuple(path for path in tree.python_paths if kind_of(path) is Kind.APPLICATION)
    return (*own, _CONTRACTS)


def _repositories_are_asked(text: str) -> str:
    return f"{text}\n\ndef planted(actor: object) -> None:\n    require(actor, 'task:read')\n"


_ROUTE: Final = """from fastapi import APIRouter

router = APIRouter()


@router.get("/planted/{number}")
async def planted(number: int) -> int:
    if number > 3:
        return number
    return 3
"""

GATE: Final = TreeGate(
    name="layering",
    title="layers import downwards, routes only translate, repositories only store",
    looked_for="import contracts, routes and repositories",
    judge=_judge,
    paths=_inputs,
    plants=(
        code_at("upward-import", "app/core/planted.py", "import app.services.base\n"),
        code_at("logic-in-route", "app/api/routes/planted.py", _ROUTE),
        edit("asking-repository", "app/repositories/base.py", _repositories_are_asked),
    ),
)
