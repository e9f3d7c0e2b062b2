"""What a typed expression means, worked out over a world.

Null is a value and every condition is true or false. What is not known raises `Undetermined`,
unless the answer does not depend on it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import ge, gt, le, lt
from typing import Any, Final

from tospec.expression import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Compare,
    Conditional,
    Constant,
    Function,
    HasPermission,
    Items,
    MayDo,
    Membership,
    Negate,
    Not,
    Or,
    Path,
    Tally,
    Typed,
)
from tospec.model import Expression
from tospec.verify.oracle.calculating import called, measure, reckoned
from tospec.verify.oracle.world import Row, Somebody, Undetermined, World

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Where an expression is evaluated.

    Attributes:
        row: The row that it is about.
        principal: Who asks.
        inputs: Values of the body, by name.
        event: What an event carries, by name; None where none is told of.
        bound: Rows of aggregates around the place, by the name of their root.
    """

    world: World
    row: Row | None = None
    principal: Somebody | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)
    event: Mapping[str, object] | None = None
    bound: Mapping[str, Row | Somebody] = field(default_factory=dict)

    def about(self, row: Row) -> "Around":
        """Return where an expression about another row is evaluated; aggregates stay behind."""
        return Around(world=self.world, row=row, principal=self.principal, inputs=self.inputs)

    def within(self, name: str, row: Row | Somebody) -> "Around":
        """Return where a part of an aggregate is evaluated for one of its rows."""
        return Around(
            world=self.world,
            row=self.row,
            principal=self.principal,
            inputs=self.inputs,
            bound={**self.bound, name: row},
        )


def holds(expression: Expression, around: Around) -> bool:
    """Return whether a condition is true.

    Raises:
        Undetermined: If that depends on something unknown.
    """
    return _truth(value_of(expression.tree.root, around))


def value_of(part: Typed, around: Around) -> object:
    """Return the value of a part of an expression; ids are keys.

    Raises:
        Undetermined: If it depends on something unknown.
    """
    found = _EVALUATORS[type(part)](part, around)
    return found.key if isinstance(found, (Row, Somebody)) else found


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise Undetermined(str(value))


def _constant(part: Constant, _: Around) -> object:
    return part.value


def _items(part: Items, around: Around) -> object:
    return tuple(value_of(each, around) for each in part.items)


def _path(part: Path, around: Around) -> object:
    found = _start(part, around)
    for step in part.steps:
        found = member_of(found, step.name, around)
    return found


def _start(part: Path, around: Around) -> object:
    if part.root.level == 0:
        return _known(around.row, part.root.name)
    if part.root.level is not None:
        return _known(around.bound.get(part.root.name), part.root.name)
    match part.root.name:
        case "principal":
            return _known(around.principal, "principal")
        case "input":
            return around.inputs
        case "event":
            return _known(around.event, "event")
        case "settings":
            return around.world.settings
    raise Undetermined(part.root.name)


def _known[T](value: T | None, name: str) -> T:
    if value is None:
        raise Undetermined(name)
    return value


def member_of(owner: object, name: str, around: Around) -> object:
    """Return a member of a row, a person or a record; null of null.

    Raises:
        Undetermined: If the member is not known.
    """
    match owner:
        case None:
            return None
        case Somebody():
            return _of_person(owner, name, around)
        case Row():
            return _of_row(owner, name, around)
        case Mapping() if name in owner:
            return owner[name]
    raise Undetermined(name)


def _of_person(person: Somebody, name: str, around: Around) -> object:
    if name in {"id", "role"}:
        return person.key if name == "id" else person.role
    if name == "disabled":
        return False
    if around.world.system.entity("User").field(name) is not None:
        raise Undetermined(name)
    return around.world.referring(person.key, "User", name)


def _of_row(row: Row, name: str, around: Around) -> object:
    world = around.world
    entity = world.entity_of(row)
    if name == "id":
        return row.key
    if name in row.values:
        return row.values[name]
    if name in row.refs:
        return world.find(row.refs[name])
    if name in row.links:
        return tuple(world.find(key) for key in row.links[name])
    for computed in entity.computed:
        if computed.name == name:
            inner = Around(world=world, row=row, principal=around.principal)
            return value_of(computed.value.tree.root, inner)
    if entity.field(name) is not None or entity.relation(name) is not None:
        raise Undetermined(name)
    return world.referring(row.key, row.entity, name)


def _not(part: Not, around: Around) -> object:
    return not _truth(value_of(part.operand, around))


def _settled(part: And | Or, around: Around) -> object:
    decisive, unknown = isinstance(part, Or), None
    for operand in part.operands:
        try:
            if _truth(value_of(operand, around)) is decisive:
                return decisive
        except Undetermined as reason:
            unknown = unknown or reason
    if unknown is not None:
        raise unknown
    return not decisive


def _compare(part: Compare, around: Around) -> object:
    left, right = value_of(part.left, around), value_of(part.right, around)
    if part.operator in {"==", "!="}:
        return (left == right) is (part.operator == "==")
    if left is None or right is None:
        raise Undetermined(f"the order of null in {part.operator}")
    return _ORDERS[part.operator](left, right)


def _membership(part: Membership, around: Around) -> object:
    item, options = value_of(part.item, around), value_of(part.options, around)
    if not isinstance(options, tuple):
        raise Undetermined("a list")
    return item is not None and item in options


def _conditional(part: Conditional, around: Around) -> object:
    chosen = part.then if _truth(value_of(part.test, around)) else part.otherwise
    return value_of(chosen, around)


def _negate(part: Negate, around: Around) -> object:
    operand: Any = value_of(part.operand, around)
    return -operand


def _arithmetic(part: Arithmetic, around: Around) -> object:
    left: Any = value_of(part.left, around)
    right: Any = value_of(part.right, around)
    if left is None or right is None:
        raise Undetermined(f"null in {part.operator}")
    return reckoned(part.operator, left, right)


def _call(part: Call, around: Around) -> object:
    if part.function is Function.NOW:
        return around.world.now
    values: list[Any] = [value_of(each, around) for each in part.arguments]
    if any(value is None for value in values):
        raise Undetermined(f"{part.function.value} of null")
    return called(part.function, values)


def _has(part: HasPermission, around: Around) -> object:
    who = _path(part.principal, around)
    if not isinstance(who, Somebody):
        raise Undetermined("principal")
    return who.role in around.world.system.permission(part.permission).roles


def _may(part: MayDo, around: Around) -> object:
    subject = _path(part.subject, around)
    who = around.principal if part.user is None else _path(part.user, around)
    if not isinstance(subject, Row) or not isinstance(who, Somebody):
        raise Undetermined("may")
    asked = around if part.user is None else replace(around, principal=who)
    return may(part.action, subject, asked)


def may(action: str, subject: Row, around: Around) -> bool:
    """Return whether the principal sees a row and its policy lets them do something to it.

    Raises:
        Undetermined: If that depends on something unknown.
    """
    if not sees(subject, around):
        return False
    policy = around.world.entity_of(subject).policy
    allowed = None if policy is None else policy.of(action)
    return allowed is None or holds(allowed, around.about(subject))


def sees(subject: Row, around: Around) -> bool:
    """Return whether the principal may know that a row exists.

    Raises:
        Undetermined: If that depends on something unknown.
    """
    if around.principal is not None and around.principal.tenant != subject.tenant:
        return False
    policy = around.world.entity_of(subject).policy
    visible = None if policy is None else policy.visible
    return visible is None or holds(visible, around.about(subject))


def _aggregate(part: Aggregate, around: Around) -> object:
    found = _path(part.relation, around)
    if not isinstance(found, tuple):
        raise Undetermined("a relation to many")
    if part.value is not None:
        known = (_measured(part, each, around) for each in found if _counts(part, each, around))
        return measure(part.tally, [each for each in known if each is not None])
    matching = sum(_counts(part, each, around) for each in found)
    return matching if part.tally is Tally.COUNT else matching > 0


def _measured(part: Aggregate, each: Row | Somebody, around: Around) -> object:
    inner = around.within(part.row.name, each)
    return None if part.value is None else value_of(part.value, inner)


def _counts(part: Aggregate, each: Row | Somebody, around: Around) -> bool:
    if part.condition is None:
        return True
    inner = around.within(part.row.name, each)
    return _truth(value_of(part.condition, inner))


_EVALUATORS: Final[dict[type, Callable[[Any, Around], object]]] = {
    Constant: _constant,
    Items: _items,
    Path: _path,
    Not: _not,
    And: _settled,
    Or: _settled,
    Compare: _compare,
    Membership: _membership,
    Arithmetic: _arithmetic,
    Negate: _negate,
    Conditional: _conditional,
    Call: _call,
    HasPermission: _has,
    MayDo: _may,
    Aggregate: _aggregate,
}
