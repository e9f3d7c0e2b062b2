"""Every Python file parses."""

import sys
from typing import Final

from tospec.gate.base import Findings, Needs
from tospec.gate.planting import code
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest

_RULE: Final = Rule(
    "syntax-error",
    f"Mend the file; if it is for a newer Python than {sys.version_info[0]}.{sys.version_info[1]}, "
    "run tospec with that one. No gate can judge the file as it is.",
)


_DEEP: Final = "x = " + "(" * 5000 + ")" * 5000 + "\n"


def _judge(tree: TreeUnderTest) -> Findings:
    total = len(tree.python_paths)
    found = tuple(_RULE.at(path, why, line=_line(why)) for path, why in tree.broken.items())
    return Findings(candidates=total, checked=total, violations=found)


def _line(why: str) -> int:
    number = why.removeprefix("line ").partition(":")[0]
    return int(number) if why.startswith("line ") and number.isdecimal() else 1


GATE: Final = TreeGate(
    name="parses",
    title="every Python file parses",
    looked_for="Python files",
    needs=Needs.ANY,
    judge=_judge,
    paths=lambda tree: tree.python_paths,
    plants=(code("syntax-error", "def broken(:\n"), code("too-deep", _DEEP)),
)
