"""`principal.has(permission)` and `may(action, row, user)`."""

from collections.abc import Collection

from tospec.expression.context import Context, Place, Visit, unknown
from tospec.expression.nodes import CallNode, LiteralNode, Syntax
from tospec.expression.problems import ACTION, ARGUMENTS, PERMISSION
from tospec.expression.typed import HasPermission, MayDo, Path, Typed
from tospec.expression.types import BOOL, Kind


def has_permission(context: Context, node: CallNode, principal: Typed) -> Typed:
    """Return `principal.has(permission)`."""
    argument = node.arguments[0] if len(node.arguments) == 1 else node
    name = _one_of(context, argument, PERMISSION, "permission", context.scope.permissions)
    if name is None or not isinstance(principal, Path):
        return unknown(node)
    return HasPermission(node.offset, node.length, BOOL, principal, name)


def _one_of(
    context: Context, node: Syntax, code: str, what: str, known: Collection[str]
) -> str | None:
    if not isinstance(node, LiteralNode) or not isinstance(node.value, str):
        message = f"The name of one {what} in quotes is wanted."
        context.error(ARGUMENTS, node, message)
        return None
    if node.value in known:
        return node.value
    context.problems.unknown(code, (node.offset, node.length), (what, node.value), known)
    return None


def may_do(context: Context, visit: Visit, node: CallNode, place: Place) -> Typed:
    """Return `may(action, subject)` or `may(action, subject, user)`."""
    action_node, subject_node, *user_nodes = node.arguments
    subject = _row(context, visit(subject_node, place), {Kind.ENTITY})
    users = [
        _row(context, visit(each, place), {Kind.ENTITY, Kind.PRINCIPAL}) for each in user_nodes
    ]
    if subject is None:
        return unknown(node)
    actions = context.scope.actions(subject.type.name)
    action = _one_of(context, action_node, ACTION, f"action on {subject.type}", actions)
    if action is None or None in users:
        return unknown(node)
    user = users[0] if users else None
    return MayDo(node.offset, node.length, BOOL, action, subject, user)


def _row(context: Context, part: Typed, kinds: set[Kind]) -> Path | None:
    if part.type.kind is Kind.UNKNOWN:
        return None
    if not isinstance(part, Path) or part.type.kind not in kinds:
        context.error(ARGUMENTS, part, f"{context.source(part)} is {part.type}, not a row.")
        return None
    return part if context.needs_value(part) else None
