"""Who may what in a built tree, read from its source."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tospec.gate.functions import last_name
from tospec.gate.modules import Kind
from tospec.gate.tree import TreeUnderTest

_TABLE: Final = "ROLE_PERMISSIONS"
_ATTRIBUTE: Final = "permission"


@dataclass(frozen=True, slots=True)
class Permissions:
    """What messages need, and what roles hold.

    Attributes:
        needed: The permission that each message needs, by the message's name in lower case; empty
            for those that only want somebody signed in.
        held: The permissions that each role holds.
    """

    needed: Mapping[str, str]
    held: Mapping[str, frozenset[str]]

    def refuses_somebody(self, operation_id: str) -> bool | None:
        """Return whether some role may not do it; None if the source does not say."""
        needed = self.needed.get(operation_id.replace("_", "").lower())
        if needed is None:
            return None
        return bool(needed) and any(needed not in each for each in self.held.values())


def permissions_of(tree: TreeUnderTest) -> Permissions:
    """Read the messages and the table of roles of a built tree."""
    needed: dict[str, str] = {}
    held: dict[str, frozenset[str]] = {}
    for module in tree.of_kind(Kind.APPLICATION):
        for node in module.syntax.body:
            if isinstance(node, ast.ClassDef):
                needed.update((node.name.lower(), name) for name in _needed(node))
            elif isinstance(node, ast.AnnAssign) and last_name(node.target) == _TABLE:
                held.update(_held(node))
    return Permissions(needed, held)


def _needed(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and last_name(each.target) == _ATTRIBUTE:
            if isinstance(each.value, ast.Attribute):
                yield each.value.attr
            elif isinstance(each.value, ast.Constant) and each.value.value is None:
                yield ""


def _held(node: ast.AnnAssign) -> Iterator[tuple[str, frozenset[str]]]:
    for table in (n for n in ast.walk(node) if isinstance(n, ast.Dict)):
        for role, value in zip(table.keys, table.values, strict=True):
            names = (n.attr for n in ast.walk(value) if isinstance(n, ast.Attribute))
            yield last_name(role) if role else "", frozenset(names)
