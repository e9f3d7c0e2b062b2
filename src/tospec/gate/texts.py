"""Texts that are put together: which of their parts are known, and which come from elsewhere."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tospec.gate.functions import FunctionNode, direct, last_name, parameters
from tospec.gate.modules import Module

# Functions whose answer is safe to stand in a statement.
_QUOTING: Final = re.compile(
    r"quote|escape|identifier|literal|sanitize|placeholders?$", re.IGNORECASE
)
_TABLES: Final = frozenset({"__tablename__", "__name__", "schema_translate_map"})
_CONVERSION: Final = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[adfirsx]")
_FIELD: Final = re.compile(r"\{[^{}]*\}")
_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: known, or the source of an expression whose value comes from elsewhere."""

    text: str
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known of names: the expressions that they stand for, innermost first.

    Attributes:
        bound: The only expression that each name is bound to.
        unknown: Names that are bound to something unknown, such as parameters.
        outer: The scope around this one.
    """

    bound: Mapping[str, ast.expr]
    unknown: frozenset[str]
    outer: "Scope | None" = None

    def lookup(self, name: str) -> ast.expr | None:
        """Return the expression that a name stands for, or None."""
        if name in self.bound:
            return self.bound[name]
        if name in self.unknown or self.outer is None:
            return None
        return self.outer.lookup(name)

    def value_of(self, node: ast.expr) -> ast.expr:
        """Return the expression that a node stands for, following names."""
        for _ in range(_DEPTH):
            found = self.lookup(node.id) if isinstance(node, ast.Name) else None
            if found is None:
                return node
            node = found
        return node

    def parts(self, node: ast.expr, depth: int = 0) -> tuple[Part, ...] | None:
        """Return the parts of a text that is put together; None if the node is not such a text."""
        node = self.value_of(node)
        if depth > _DEPTH:
            return None
        if isinstance(node, ast.JoinedStr):
            return tuple(p for value in node.values for p in self._joined(value, depth))
        if isinstance(node, ast.BinOp):
            return self._operation(node, depth)
        if _is_format(node):
            return self._filled(_template(node), _FIELD, _arguments(node), depth)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return (Part(node.value),)
        return None

    def _joined(self, node: ast.expr, depth: int) -> tuple[Part, ...]:
        if isinstance(node, ast.FormattedValue):
            return self._all([node.value], depth)
        return (Part(str(node.value)),) if isinstance(node, ast.Constant) else ()

    def _operation(self, node: ast.BinOp, depth: int) -> tuple[Part, ...] | None:
        left = self.parts(node.left, depth + 1)
        if isinstance(node.op, ast.Mod) and left is not None:
            values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            template = "".join(part.text for part in left)
            return self._filled(template, _CONVERSION, values, depth)
        if not isinstance(node.op, ast.Add):
            return None
        right = self.parts(node.right, depth + 1)
        if left is None and right is None:
            return None
        return (
            *(left if left is not None else self._all([node.left], depth)),
            *(right if right is not None else self._all([node.right], depth)),
        )

    def _filled(
        self, template: str, field: "re.Pattern[str]", values: list[ast.expr], depth: int
    ) -> tuple[Part, ...]:
        """Return a template with the values in the places of its fields, in their order."""
        pieces = field.split(template)
        parts: list[Part] = [Part(pieces[0])]
        for index, piece in enumerate(pieces[1:]):
            value = values[index : index + 1] or values[-1:]
            parts += [*self._all(value, depth), Part(piece)]
        return tuple(parts)

    def _all(self, nodes: list[ast.expr], depth: int) -> tuple[Part, ...]:
        return tuple(part for node in nodes for part in self._value(node, depth))

    def _value(self, node: ast.expr, depth: int) -> tuple[Part, ...]:
        known = self.parts(node, depth + 1)
        if known is not None:
            return known
        value = self.value_of(node)
        return (Part(ast.unparse(node)[:40], foreign=not self._is_safe(value)),)

    def _is_safe(self, node: ast.expr) -> bool:
        """Return whether a value cannot hold anything that a caller chose."""
        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.Attribute):
            return node.attr in _TABLES or node.attr.isupper()
        if isinstance(node, ast.IfExp):
            return all(self._is_known(each) for each in (node.body, node.orelse))
        if isinstance(node, ast.Call):
            return self._is_safe_call(node)
        return isinstance(node, ast.Name) and node.id.isupper()

    def _is_known(self, node: ast.expr) -> bool:
        parts = self.parts(node)
        if parts is not None:
            return not any(part.foreign for part in parts)
        return self._is_safe(self.value_of(node))

    def _is_safe_call(self, node: ast.Call) -> bool:
        name = last_name(node.func)
        if name in {"int", "float", "len", "bool"} or _QUOTING.search(name):
            return True
        if name != "join" or len(node.args) != 1:
            return False
        (joined,) = node.args
        items = self.value_of(joined)
        if isinstance(items, ast.List | ast.Tuple):
            return all(map(self._is_known, items.elts))
        if isinstance(items, ast.GeneratorExp | ast.ListComp):
            return self._is_made_of_marks(items.elt)
        return isinstance(items, ast.BinOp) and self._is_known(items.left)

    def _is_made_of_marks(self, node: ast.expr) -> bool:
        """Return whether each item is the name of a parameter, such as `:id_3`, or a constant."""
        parts = self.parts(node) or ()
        return bool(parts) and (
            parts[0].text.startswith((":", "$", "%(")) or not any(p.foreign for p in parts)
        )


def whole_scope(module: Module) -> Scope:
    """Return what a module's own names stand for."""
    return _scope(list(direct(module.syntax)), frozenset(), None)


def scope_of(node: FunctionNode, outer: Scope) -> Scope:
    """Return what the names of a function stand for."""
    taken = frozenset(each.arg for each in parameters(node))
    return _scope(list(direct(node)), taken, outer)


def _scope(inner: list[ast.AST], taken: frozenset[str], outer: Scope | None) -> Scope:
    bound: dict[str, ast.expr] = {}
    stored: list[str] = []
    for node in inner:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stored.append(node.id)
        bound.update(_bindings(node))
    once = {name: value for name, value in bound.items() if stored.count(name) == 1}
    return Scope(once, (frozenset(stored) | taken) - once.keys(), outer)


def _bindings(node: ast.AST) -> dict[str, ast.expr]:
    """Return what a statement binds names to; a loop over constants binds to one of them."""
    if isinstance(node, ast.Assign):
        return {t.id: node.value for t in node.targets if isinstance(t, ast.Name)}
    if isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
        return {node.target.id: node.value}
    if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
        first = _first_text(node.iter)
        return {node.target.id: first} if first is not None else {}
    return {}


def _first_text(node: ast.expr) -> ast.expr | None:
    """Return the first of several literal texts; None for anything else."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set) or not node.elts:
        return None
    return node.elts[0] if all(map(_is_text, node.elts)) else None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_format(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and _is_text(node.func.value)
    )


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _arguments(node: ast.expr) -> list[ast.expr]:
    if not isinstance(node, ast.Call):
        return []
    return [*node.args, *(keyword.value for keyword in node.keywords)]
