"""What an operation depends on, and rows with which it succeeds or is refused."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.lowering.cases.plans import ORDINARY, Plan, Setting, build
from tospec.lowering.cases.rows import Row, Someone, World, typed
from tospec.lowering.cases.search import find, names_in, visibility
from tospec.lowering.cases.truth import all_of, holds, visible
from tospec.lowering.cases.values import example
from tospec.model import (
    Entity,
    Expression,
    Field,
    Kind,
    Moment,
    Operation,
    Requirement,
    System,
    Transition,
)
from tospec.python import Code, constant, fill, literal, symbol

_MOMENTS = {
    Kind.CREATE: Moment.CREATE,
    Kind.UPDATE: Moment.UPDATE,
    Kind.DELETE: Moment.DELETE,
    Kind.RESTORE: Moment.RESTORE,
    Kind.TRANSITION: Moment.TRANSITION,
    Kind.LINK: Moment.LINK,
    Kind.UNLINK: Moment.LINK,
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that an operation on a row depends on.

    Attributes:
        policy: Who may do it, as far as it depends on the row.
        required: Rules in the order in which they are asked.
        inputs: What a client sends besides.
    """

    system: System
    entity: Entity
    operation: Operation
    policy: Expression | None
    required: tuple[Requirement, ...]
    inputs: tuple[tuple[str, object], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Members that matter; the state is not to be chosen."""
        own = () if self.policy is None else (self.policy,)
        rules = (requirement.that for requirement in self.required)
        found = names_in(self.system, (*own, *rules, *visibility(self.system, self.entity)))
        return found - {self.entity.state_field or ""}

    @property
    def base(self) -> Plan:
        """What the row must be for the operation to make sense."""
        transition = transition_of(self.entity, self.operation)
        links = (self.operation.relation or "",) if self.operation.kind is Kind.UNLINK else ()
        if transition is None or self.entity.state_field is None:
            return Plan(links=links)
        state = transition.sources[0]
        setting = Setting(name=self.entity.state_field, value=state, code=literal(state))
        return Plan(settings=(setting,))

    def outcome(self, plan: Plan, role: str) -> bool | None:
        """Return whether a person of `role` succeeds on a row that they made themselves."""
        row, world = self.staged(plan, Someone(role))
        return all_of(self.asked(row, world))

    def obeyed(self, plan: Plan, role: str) -> bool | None:
        """Return whether the rules hold for a row that a person of `role` made."""
        row, world = self.staged(plan, Someone(role))
        return all_of(list(self.asked(row, world))[2:])

    def staged(self, plan: Plan, owner: Someone) -> tuple[Row, World]:
        """Return the row of a plan in a world where `owner` asks."""
        built = build(self.system, self.entity, self.base.joined(plan), owner)
        world = World(system=self.system, principal=owner, inputs=dict(self.inputs))
        return built.row, built.world(world)

    def asked(self, row: Row, world: World) -> Iterator[bool | None]:
        """Yield what each condition says, in order: visible, policy, rules."""
        yield self._visible(row, world)
        yield True if self.policy is None else holds(self.policy, row, world)
        for requirement in self.required:
            yield holds(requirement.that, row, world)

    def _visible(self, row: Row, world: World) -> bool | None:
        if self.operation.kind is not Kind.CREATE:
            return visible(self.entity, row, world)
        above = [other for other in row.refs.values() if isinstance(other, Row)]
        return all_of(visible(other.entity, other, world) for other in above)


def conditions_of(system: System, entity: Entity, operation: Operation) -> Conditions:
    """Return what an operation depends on."""
    moment = _MOMENTS.get(operation.kind)
    rules = tuple(rule.requirement for rule in entity.rules if moment in rule.on)
    transition = transition_of(entity, operation)
    own = transition.require if transition else operation.require
    policy = entity.policy.of(operation.policy) if entity.policy and operation.policy else None
    inputs = tuple((each.name, _sent(each)) for each in operation.input)
    return Conditions(system, entity, operation, policy, (*rules, *own), inputs)


def _sent(field: Field) -> object:
    """Return what a test sends for an input: the least."""
    if field.optional or field.has_default:
        return field.default
    return typed(field.type, example(field))


def transition_of(entity: Entity, operation: Operation) -> Transition | None:
    """Return the transition that an operation makes."""
    if entity.lifecycle is None or operation.transition is None:
        return None
    known = entity.lifecycle.transitions
    return next(each for each in known if each.name == operation.transition)


def roles_of(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the roles that hold an operation's permission."""
    return holders(system, operation.permission)


def holders(system: System, permission: str | None) -> tuple[str, ...]:
    """Return the roles that hold a permission; all of them for none."""
    if permission is None:
        return system.roles
    found = system.permission(permission).roles
    return tuple(role for role in system.roles if role in found)


def success(conditions: Conditions) -> tuple[Plan, tuple[str, ...]]:
    """Return a row with which an operation succeeds, and the roles for which it surely does."""
    system, operation = conditions.system, conditions.operation
    roles = roles_of(system, operation)
    sent = operation.kind is Kind.CREATE
    entity, names = conditions.entity, conditions.names

    def served(plan: Plan) -> tuple[str, ...]:
        return tuple(role for role in roles if conditions.outcome(plan, role) is True)

    def serves_all(plan: Plan) -> bool:
        return served(plan) == roles

    def serves_some(plan: Plan) -> bool:
        return bool(served(plan))

    plan = find(system, entity, names, serves_all, sent=sent)
    plan = plan or find(system, entity, names, serves_some, sent=sent) or ORDINARY
    return plan, served(plan)


def refusal(conditions: Conditions, arranged: Plan, index: int, role: str) -> Plan | None:
    """Return how a row with which an operation succeeds has to differ to break one rule.

    Args:
        conditions: What the operation depends on.
        arranged: The row with which it succeeds.
        index: Number of the rule; all rules before it still hold.
        role: Who asks.
    """

    def accept(plan: Plan) -> bool:
        row, world = conditions.staged(arranged.joined(plan), Someone(role))
        known = list(conditions.asked(row, world))[: index + 3]
        return known[-1] is False and all(each is True for each in known[:-1])

    system, entity = conditions.system, conditions.entity
    sent = conditions.operation.kind is Kind.CREATE
    others = tuple(_person(each) for each in system.roles if each != role)
    return find(system, entity, conditions.names, accept, sent=sent, people=others)


def _person(role: str) -> Setting:
    code = fill("world.home[{}].id", role_code(role))
    return Setting(name="", value=Someone(role), code=code)


def role_code(role: str) -> Code:
    """Return the source of a role."""
    return fill("{}.{}", symbol("app.authorization.permissions", "Role"), constant(role))


def hiding(
    system: System, entity: Entity, shown: Plan, maker: str, roles: tuple[str, ...]
) -> Plan | None:
    """Return how a row has to differ so that its maker still sees it, and some role does not.

    Args:
        system: Everything.
        entity: What the row is.
        shown: A row that is seen.
        maker: Role of who makes it.
        roles: Roles of who looks for it.
    """
    names = names_in(system, visibility(system, entity)) - {entity.state_field or ""}
    if not names:
        return None

    def accept(plan: Plan) -> bool:
        return bool(blind(system, entity, shown.joined(plan), maker, roles))

    return find(system, entity, names, accept)


def unseen_by_its_maker(
    system: System, entity: Entity, plan: Plan, roles: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the roles that do not see a row of a plan even if it is their own."""
    found = []
    for role in roles:
        owner = Someone(role)
        built = build(system, entity, plan, owner)
        world = built.world(World(system=system, principal=owner))
        if visible(entity, built.row, world) is False:
            found.append(role)
    return tuple(found)


def blind(
    system: System, entity: Entity, plan: Plan, maker: str, roles: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the roles that do not see a row of a plan; none if its maker does not see it."""
    owner = Someone(maker)
    built = build(system, entity, plan, owner)
    world = built.world(World(system=system, principal=owner))
    if visible(entity, built.row, world) is not True:
        return ()
    return tuple(
        role
        for role in roles
        if role != maker and visible(entity, built.row, world.seen_by(Someone(role))) is False
    )
