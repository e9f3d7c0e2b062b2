"""Imports name what they import in full."""

import ast
from typing import Final

from tospec.gate.modules import Kind, Module
from tospec.gate.planting import code
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest

_RULE: Final = Rule("relative-import", "Write the full name of the package.")


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    imports = [n for n in module.nodes if isinstance(n, ast.Import | ast.ImportFrom)]
    relative = [n for n in imports if isinstance(n, ast.ImportFrom) and n.level]
    return judged(len(imports), [_RULE.broken(module, n, _message(n)) for n in relative])


def _message(node: ast.ImportFrom) -> str:
    return f"The import from {'.' * node.level}{node.module or ''} is relative."


GATE: Final = ModuleGate(
    name="absolute-imports",
    title="imports name what they import in full",
    looked_for="imports",
    judge=_judge,
    kinds=(Kind.APPLICATION, Kind.SCRIPT, Kind.TEST, Kind.MIGRATION),
    plants=(
        code("sibling", "from . import planted\n"),
        code("parent", "from ..core import planted\n"),
    ),
)
