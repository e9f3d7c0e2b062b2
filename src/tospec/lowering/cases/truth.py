"""Whether a condition of a spec holds in a world: True, False, or unknown."""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
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
from tospec.lowering.cases.rows import NOW, UNKNOWN, Row, Someone, World
from tospec.model import Entity, Expression

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], object]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def holds(expression: Expression, row: Row | None, world: World) -> bool | None:
    """Return whether a condition about `row` holds; None when that cannot be told."""
    return truth(value_of(expression, row, world))


def value_of(expression: Expression, row: Row | None, world: World) -> object:
    """Return the value of an expression about `row`, or UNKNOWN."""
    return _Evaluation(world, row).value(expression.tree.root)


def member_value(row: Row, name: str, world: World) -> object:
    """Return the value of a member of a row, or UNKNOWN."""
    return _Evaluation(world, row).member(row, name)


def visible(entity: Entity, row: Row, world: World) -> bool | None:
    """Return whether the principal of `world` may know that `row` exists."""
    policy = entity.policy
    if policy is None:
        return True
    found: bool | None = True
    if policy.visible is not None:
        found = holds(policy.visible, row, world)
    if policy.inherit is None or found is False:
        return found
    above = row.refs.get(policy.inherit)
    if not isinstance(above, Row):
        return None
    return all_of((found, visible(above.entity, above, world)))


def truth(value: object) -> bool | None:
    """Return a truth value, None for anything else."""
    return value if isinstance(value, bool) else None


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Return whether all hold, as far as can be told."""
    known = tuple(values)
    if False in known:
        return False
    return None if None in known else True


def _any_of(values: Iterable[bool | None]) -> bool | None:
    known = tuple(values)
    if True in known:
        return True
    return None if None in known else False


class _Evaluation:
    """One evaluation: a world, and the rows that names stand for."""

    def __init__(
        self, world: World, row: Row | None, bound: "Mapping[str, Row | Someone] | None" = None
    ) -> None:
        self._world = world
        self._row = row
        self._bound = dict(bound or {})

    def value(self, part: Typed) -> object:
        """Return the value of a part, or UNKNOWN."""
        known = _KINDS.get(type(part))
        return UNKNOWN if known is None else known(self, part)

    def constant(self, part: Constant) -> object:
        return part.value

    def items(self, part: Items) -> object:
        return tuple(self.value(each) for each in part.items)

    def negation(self, part: Not) -> object:
        found = truth(self.value(part.operand))
        return UNKNOWN if found is None else not found

    def conjunction(self, part: And) -> object:
        return _told(all_of(truth(self.value(each)) for each in part.operands))

    def disjunction(self, part: Or) -> object:
        return _told(_any_of(truth(self.value(each)) for each in part.operands))

    def operation(self, part: Compare | Arithmetic) -> object:
        return _computed(part.operator, self.value(part.left), self.value(part.right))

    def negative(self, part: Negate) -> object:
        return _computed("*", self.value(part.operand), -1)

    def choice(self, part: Conditional) -> object:
        chosen = truth(self.value(part.test))
        return UNKNOWN if chosen is None else self.value(part.then if chosen else part.otherwise)

    def call(self, part: Call) -> object:
        return _called(part.function, [self.value(each) for each in part.arguments])

    def permission(self, part: HasPermission) -> object:
        who = self.path(part.principal)
        roles = self._world.system.permission(part.permission).roles
        return who.role in roles if isinstance(who, Someone) else UNKNOWN

    def path(self, path: Path) -> object:
        found: object = self._start(path)
        for step in path.steps:
            found = self.member(found, step.name)
        return found

    def _start(self, path: Path) -> object:
        if path.root.level == 0:
            return self._row if self._row is not None else UNKNOWN
        if path.root.level is not None:
            return self._bound.get(path.root.name, UNKNOWN)
        if path.root.name == "principal":
            return self._world.principal
        if path.root.name == "input":
            return self._world.inputs
        if path.root.name == "event":
            return self._world.event
        return _settings(self._world) if path.root.name == "settings" else UNKNOWN

    def member(self, owner: object, name: str) -> object:
        if isinstance(owner, Mapping):
            return owner.get(name, UNKNOWN)
        if isinstance(owner, Someone):
            return {"id": owner, "role": owner.role}.get(name, UNKNOWN)
        if not isinstance(owner, Row):
            return None if owner is None else UNKNOWN
        if name == "id":
            return owner
        for known in (owner.fields, owner.refs, owner.links):
            if name in known:
                return known[name]
        return self._derived(owner, name)

    def _derived(self, owner: Row, name: str) -> object:
        for computed in owner.entity.computed:
            if computed.name == name:
                return _Evaluation(self._world, owner).value(computed.value.tree.root)
        return self._referring(owner, name)

    def _referring(self, owner: Row, name: str) -> object:
        found: list[Row] = []
        for other in self._world.rows:
            for relation in other.entity.relations:
                if relation.inverse != name or relation.to != owner.entity.name:
                    continue
                linked = other.links.get(relation.name, ())
                if other.refs.get(relation.name) is owner or owner in linked:
                    found.append(other)
        return tuple(found)

    def membership(self, part: Membership) -> object:
        wanted, known = self.value(part.item), self.value(part.options)
        if not isinstance(known, tuple):
            return UNKNOWN
        if wanted is None:
            return False
        return _told(_any_of(truth(_computed("==", wanted, each)) for each in known))

    def may(self, part: MayDo) -> object:
        subject = self.path(part.subject)
        who = self._world.principal if part.user is None else self.path(part.user)
        if not isinstance(subject, Row) or not isinstance(who, Someone):
            return UNKNOWN
        world = self._world.seen_by(who)
        found = visible(subject.entity, subject, world)
        policy = subject.entity.policy
        allowed = None if policy is None else policy.of(part.action)
        if allowed is None:
            return _told(found)
        return _told(all_of((found, holds(allowed, subject, world))))

    def tally(self, part: Aggregate) -> object:
        related = self.path(part.relation)
        if not isinstance(related, tuple):
            return UNKNOWN
        met = [self._meets(part, each) for each in related]
        if part.tally.measures:
            return UNKNOWN
        if part.tally is Tally.EXISTS:
            return _told(_any_of(met))
        return UNKNOWN if None in met else met.count(True)

    def _meets(self, part: Aggregate, related: object) -> bool | None:
        if part.condition is None:
            return True
        if not isinstance(related, Row | Someone):
            return None
        bound = {**self._bound, part.row.name: related}
        return truth(_Evaluation(self._world, self._row, bound).value(part.condition))


_KINDS: Final[Mapping[type, Callable[[_Evaluation, Any], object]]] = {
    Constant: _Evaluation.constant,
    Items: _Evaluation.items,
    Path: _Evaluation.path,
    Not: _Evaluation.negation,
    And: _Evaluation.conjunction,
    Or: _Evaluation.disjunction,
    Compare: _Evaluation.operation,
    Arithmetic: _Evaluation.operation,
    Membership: _Evaluation.membership,
    Negate: _Evaluation.negative,
    Conditional: _Evaluation.choice,
    Call: _Evaluation.call,
    HasPermission: _Evaluation.permission,
    MayDo: _Evaluation.may,
    Aggregate: _Evaluation.tally,
}


def _settings(world: World) -> Mapping[str, object]:
    return {
        each.name.lower(): timedelta(seconds=each.default)
        if each.type.value == "duration" and isinstance(each.default, int)
        else each.default
        for each in world.system.settings
    }


def _told(value: bool | None) -> object:
    return UNKNOWN if value is None else value


def _computed(sign: str, left: object, right: object) -> object:
    if UNKNOWN in (left, right):
        return UNKNOWN
    if sign in {"==", "!="}:
        return (left == right) is (sign == "==")
    if left is None or right is None or sign not in _OPERATORS:
        return UNKNOWN
    try:
        return _OPERATORS[sign](left, right)
    except TypeError:
        return UNKNOWN


def _called(function: Function, values: list[object]) -> object:
    if function is Function.NOW:
        return NOW
    if function is Function.SIZE and isinstance(values[0], str | tuple):
        return len(values[0])
    known = _TEXTS.get(function)
    texts = [value for value in values if isinstance(value, str)]
    return UNKNOWN if known is None or len(texts) != len(values) else known(*texts)


_TEXTS: Final[Mapping[Function, Callable[..., object]]] = {
    Function.LOWER: str.lower,
    Function.STARTS_WITH: str.startswith,
    Function.ENDS_WITH: str.endswith,
    Function.CONTAINS: str.__contains__,
}
