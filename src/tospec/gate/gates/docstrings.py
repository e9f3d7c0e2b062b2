"""Everything public says what it is for."""

import ast
from collections.abc import Iterator
from typing import Final

from tospec.evidence import Violation
from tospec.gate.base import Needs
from tospec.gate.functions import Function, decorators, functions
from tospec.gate.modules import Kind, Module
from tospec.gate.planting import code
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest

_RULE: Final = Rule(
    "no-docstring", "Say in one line what it is or does, for somebody who calls it."
)


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    classes = [n for n in module.nodes if isinstance(n, ast.ClassDef) and n.name[0] != "_"]
    public = [each.node for each in functions(module) if _is_public(each)]
    every: list[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef] = [
        *([module.syntax] if module.syntax.body else []), *classes, *public
    ]  # fmt: skip
    return judged(len(every), [v for node in every for v in _violations(module, node)])


def _is_public(function: Function) -> bool:
    node, owner = function.node, function.owner
    is_hidden = node.name.startswith("_") or (owner is not None and owner.name.startswith("_"))
    return not (
        is_hidden or function.nested or decorators(node) & {"overload", "override", "setter"}
    )


def _violations(
    module: Module, node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Violation]:
    said = ast.get_docstring(node)
    if said is None or not said.strip():
        name = "The module" if isinstance(node, ast.Module) else node.name
        yield _RULE.broken(module, node, f"{name} has no docstring.")


GATE: Final = ModuleGate(
    name="docstrings",
    title="everything public says what it is for",
    looked_for="modules, public classes and public functions",
    needs=Needs.BUILT,
    judge=_judge,
    kinds=(Kind.APPLICATION, Kind.MIGRATION),
    plants=(
        code("module", "LIMIT = 3\n"),
        code("class", '"""Planted."""\n\n\nclass Planted:\n    x = 1\n'),
        code("function", '"""Planted."""\n\n\ndef planted() -> int:\n    return 3\n'),
    ),
)
