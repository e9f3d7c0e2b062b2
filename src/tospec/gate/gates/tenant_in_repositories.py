"""Every repository method takes the tenant and uses it."""

import ast
from collections.abc import Iterator
from typing import Final

from tospec.evidence import Violation
from tospec.gate.base import Needs
from tospec.gate.functions import Function, decorators, functions, parameters
from tospec.gate.modules import Module
from tospec.gate.planting import code_at, edit
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest

_FIX: Final = "Take a required keyword-only tenant_id, and narrow the statement down to it."
_MISSING: Final = Rule("method-without-tenant", _FIX)
_UNUSED: Final = Rule("tenant-not-used", _FIX)
_NAME: Final = "tenant_id"
# What is looked up before any tenant is known, and the rows that belong to none.
_BEFORE_TENANTS: Final = frozenset(
    {
        ("account_lookup.py", "AccountLookup"),
        ("sign_in_attempts.py", "SignInAttemptRepository"),
    }
)


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    if not _is_repository(module):
        return judged(0, ())
    every = [each for each in functions(module) if _is_public_method(module, each)]
    return judged(len(every), [found for each in every for found in _violations(module, each)])


def _is_repository(module: Module) -> bool:
    folders = module.path.split("/")
    return "repositories" in folders[:-1] or folders[-1] == "repository.py"


def _is_public_method(module: Module, function: Function) -> bool:
    """Return whether a function is one by which others reach rows."""
    owner, node = function.owner, function.node
    if owner is None or node.name.startswith("_") or decorators(node) & {"property"}:
        return False
    if (module.path.rpartition("/")[2], owner.name) in _BEFORE_TENANTS:
        return False
    return isinstance(node, ast.AsyncFunctionDef) or _touches_rows(node)


def _touches_rows(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return bool(names & {"_session", "_transaction", "session", "transaction"})


def _violations(module: Module, function: Function) -> Iterator[Violation]:
    node = function.node
    where = f"{function.owner.name if function.owner else ''}.{node.name}"
    required = {
        argument.arg
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is None
    }
    if _NAME not in required:
        how = "has a default or is positional" if _NAME in _taken(node) else "is missing"
        yield _MISSING.broken(module, node, f"{where}: the keyword {_NAME} {how}.")
    elif not _is_used(node):
        yield _UNUSED.broken(module, node, f"{where} takes the {_NAME} and does not use it.")


def _taken(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {argument.arg for argument in parameters(node)}


def _is_used(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(n, ast.Name) and n.id == _NAME and isinstance(n.ctx, ast.Load)
        for statement in node.body
        for n in ast.walk(statement)
    )


_PLANTED: Final = '''"""Planted."""


class PlantedRepository:
    """Planted."""

    async def everything(self) -> list[object]:
        """Return the rows of all tenants."""
        return await self._transaction.all("planted")
'''


def _without_use(text: str) -> str:
    return text.replace("given(tenant_id, entity_id)", "given(self._own, entity_id)", 1)


GATE: Final = ModuleGate(
    name="tenant-in-repositories",
    title="every repository method takes the tenant and uses it",
    looked_for="public methods of repositories",
    needs=Needs.BUILT,
    judge=_judge,
    plants=(
        code_at("without", "app/repositories/planted.py", _PLANTED),
        edit("unused", "app/repositories/base.py", _without_use),
    ),
)
