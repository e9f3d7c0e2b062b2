"""What names and members mean."""

from dataclasses import replace

from tospec.diagnostics import nearest
from tospec.expression.context import Context, Place, unknown
from tospec.expression.nodes import MemberNode, NameNode
from tospec.expression.problems import MEMBER, NAME, TO_MANY
from tospec.expression.typed import Path, Root, Step, Typed
from tospec.expression.types import Kind


def named(context: Context, node: NameNode, place: Place) -> Typed:
    """Return what a bare name stands for: a member of the innermost row, a row, or a variable."""
    if place.rows:
        row = place.rows[-1]
        found = context.members(row.type).get(node.name)
        if found is not None:
            steps = (Step(node.name, found),)
            return _narrowed(Path(node.offset, node.length, found, row, steps), place)
    root = _root(context, node.name, place)
    if root is not None:
        return _narrowed(Path(node.offset, node.length, root.type, root, ()), place)
    return _unknown_name(context, node, place)


def _root(context: Context, name: str, place: Place) -> Root | None:
    for row in reversed(place.rows):
        if row.name == name:
            return row
    variable = context.scope.variables.get(name)
    return None if variable is None else Root(name, variable, None)


def _unknown_name(context: Context, node: NameNode, place: Place) -> Typed:
    for row in reversed(place.rows[:-1]):
        if node.name in context.members(row.type):
            message = f"There is no member of {place.rows[-1].type} '{node.name}'."
            return context.error(NAME, node, message, f"Write {row.name}.{node.name}.")
    known = {row.name for row in place.rows} | set(context.scope.variables)
    if place.rows:
        known |= set(context.members(place.rows[-1].type))
    context.problems.unknown(NAME, (node.offset, node.length), ("name", node.name), known)
    return unknown(node)


def member_of(context: Context, node: MemberNode, target: Typed, place: Place) -> Typed:
    """Return what `target.name` stands for."""
    if target.type.kind is Kind.UNKNOWN:
        return unknown(node)
    members = context.members(target.type)
    if not isinstance(target, Path) or not members:
        return _no_members(context, node, target)
    found = members.get(node.name)
    if found is None:
        what = (f"member of {target.type.required()}", node.name)
        context.problems.unknown(MEMBER, (node.name_offset, len(node.name)), what, members)
        return unknown(node)
    if not context.needs_value(target):
        return unknown(node)
    steps = (*target.steps, Step(node.name, found))
    return _narrowed(Path(node.offset, node.length, found, target.root, steps), place)


def _no_members(context: Context, node: MemberNode, target: Typed) -> Typed:
    place = (node.name_offset, len(node.name))
    if target.type.kind is Kind.MANY:
        message = f"{context.source(target)} stands for many rows, which have no '{node.name}'."
        help_ = f"Ask about its rows: exists({context.source(target)}, {node.name} == …)."
        context.problems.add_at(TO_MANY, *place, message, help_)
    else:
        message = f"A value of type {target.type} has no members."
        help_ = nearest(node.name, ("size", "startsWith", "endsWith", "contains", "has"))
        context.problems.add_at(MEMBER, *place, message, help_)
    return unknown(node)


def _narrowed(path: Path, place: Place) -> Path:
    return replace(path, type=path.type.required()) if path.key in place.facts else path
