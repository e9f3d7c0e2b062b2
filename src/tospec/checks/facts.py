"""Facts about a system that several checks ask for."""

from collections.abc import Iterable, Iterator

from tospec.expression import HasPermission, TypedExpression, paths, permission_checks
from tospec.model import (
    Emit,
    Entity,
    Expression,
    Field,
    Lifecycle,
    Operation,
    Relation,
    Requirement,
    System,
    Transition,
    Update,
)


def own_entities(system: System) -> tuple[Entity, ...]:
    """Return the entities that the spec itself declares, in its order."""
    return tuple(entity for entity in system.entities if not entity.built_in)


def own_fields(system: System) -> Iterator[tuple[Entity, Field]]:
    """Yield the fields that the spec itself declares, with their entities."""
    for entity in own_entities(system):
        for field in entity.fields:
            if field.origin == "spec":
                yield entity, field


def own_relations(system: System) -> Iterator[tuple[Entity, Relation]]:
    """Yield the relations that the spec itself declares, with their entities."""
    for entity in own_entities(system):
        for relation in entity.relations:
            if relation.origin == "spec":
                yield entity, relation


def error_codes_used(system: System) -> frozenset[str]:
    """Return the error cases that some rule, guard, tree or operation answers with."""
    used: set[str] = set()
    for entity in system.entities:
        used.update(rule.requirement.error for rule in entity.rules)
        used.update(relation.tree.error for relation in entity.relations if relation.tree)
        for transition in entity.lifecycle.transitions if entity.lifecycle else ():
            used.update(requirement.error for requirement in transition.require)
    for operation in system.operations:
        used.update(requirement.error for requirement in operation.require)
    return frozenset(used)


def assigned_targets(system: System, entity: str) -> frozenset[str]:
    """Return the fields and relations of `entity` that transitions, actions and jobs set."""
    lifecycle = system.entity(entity).lifecycle
    transitions = lifecycle.transitions if lifecycle else ()
    by_moves = {a.target for transition in transitions for a in transition.set}
    steps = [step for o in system.operations_of(entity) for step in o.steps]
    by_actions = {a.target for step in steps if isinstance(step, Update) for a in step.set}
    updates = (step for job in system.jobs_of(entity) for step in job.updates)
    by_jobs = {a.target for update in updates for a in update.set}
    return frozenset(by_moves | by_actions | by_jobs)


def leads_an_index(entity: Entity, name: str) -> bool:
    """Whether an index or unique constraint that the spec declares begins with `name`."""
    indexes = [index.fields for index in entity.indexes if index.origin == "spec"]
    uniques = [unique.fields for unique in entity.unique]
    return any(fields[0] == name for fields in [*indexes, *uniques])


def lifecycles(system: System) -> Iterator[tuple[Entity, Lifecycle]]:
    """Yield the entities that have a lifecycle, with it."""
    for entity in system.entities:
        if entity.lifecycle:
            yield entity, entity.lifecycle


def reachable_states(lifecycle: Lifecycle) -> frozenset[str]:
    """Return the states that some chain of transitions reaches from the initial one."""
    reached = {lifecycle.initial}
    for _ in lifecycle.states:
        reached |= {t.target for t in lifecycle.transitions if reached & set(t.sources)}
    return frozenset(reached)


def requirements_with_owner(system: System) -> Iterator[tuple[str, Requirement]]:
    """Yield every rule and guard, with the element that it belongs to."""
    for entity in system.entities:
        for rule in entity.rules:
            yield entity.name, rule.requirement
        for transition in entity.lifecycle.transitions if entity.lifecycle else ():
            for requirement in transition.require:
                yield f"{entity.name}.{transition.name}", requirement
    for operation in system.operations:
        if operation.transition is None:
            for requirement in operation.require:
                yield operation.name, requirement


def conditions_with_owner(system: System) -> Iterator[tuple[str, Expression]]:
    """Yield every condition of policies, rules, guards, lists and jobs, with its owner."""
    for entity in system.entities:
        policy = entity.policy
        if policy and policy.visible:
            yield f"{entity.name}.visible", policy.visible
        for action, condition in policy.allow if policy else ():
            yield f"{entity.name}.{action}", condition
    for owner, requirement in requirements_with_owner(system):
        yield owner, requirement.that
    for operation in system.operations:
        if operation.where:
            yield operation.name, operation.where
    for job in system.jobs:
        yield from ((job.name, each) for each in (job.when, job.where) if each)


def expressions(system: System) -> Iterator[Expression]:
    """Yield every expression of a spec."""
    for view in system.views:
        yield from (measure.value for measure in view.measures)
    for _, condition in conditions_with_owner(system):
        yield condition
    for entity in system.entities:
        yield from (computed.value for computed in entity.computed)
        yield from (emission.for_each for emission in entity.emits if emission.for_each)
        for transition in entity.lifecycle.transitions if entity.lifecycle else ():
            yield from (assignment.value for assignment in transition.set)
    for operation in system.operations:
        for step in operation.steps:
            if isinstance(step, Update):
                yield from (assignment.value for assignment in step.set)
    for update in (update for job in system.jobs for update in job.updates):
        yield from (assignment.value for assignment in update.set)


def input_names(transition: Transition) -> frozenset[str]:
    """Return the inputs that a transition's assignments and guards use."""
    trees = [a.value.tree for a in transition.set] + [r.that.tree for r in transition.require]
    return _members_of(trees, "input")


def settings_used(system: System) -> frozenset[str]:
    """Return the settings that some expression reads, in lower case."""
    return _members_of([expression.tree for expression in expressions(system)], "settings")


def permissions_used(system: System) -> frozenset[str]:
    """Return the permissions that operations, policies, accounts, audit trail and jobs ask for."""
    used = {operation.permission for operation in system.operations if operation.permission}
    used |= {bulk.permission for bulk in system.bulks if bulk.permission}
    used |= {
        relation.permission
        for e in system.entities
        for relation in e.relations
        if relation.permission
    }
    asked = [part for e in expressions(system) for part in permission_checks(e.tree)]
    used |= {part.permission for part in asked if isinstance(part, HasPermission)}
    used |= {system.auth.manage_users} if system.auth else set()
    used |= {system.auth.manage_tenant} if system.auth and system.auth.manage_tenant else set()
    used |= {system.audit.read} if system.audit else set()
    operator = system.job_operator
    used |= {operator.manage, operator.watch} if operator else set()
    used |= {system.webhooks.manage} if system.webhooks else set()
    return frozenset(used)


def holders(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the roles that hold the permission of `operation`, in the spec's order."""
    permission = next((p for p in system.permissions if p.name == operation.permission), None)
    return permission.roles if permission else ()


def events_produced(system: System) -> frozenset[str]:
    """Return the events that some change announces, or another service tells."""
    produced = {name for _, name in system.auth.events} if system.auth else set()
    for entity in system.entities:
        produced.update(emission.event for emission in entity.emits)
        for transition in entity.lifecycle.transitions if entity.lifecycle else ():
            produced.update(transition.emits)
    for operation in system.operations:
        produced.update(step.event for step in operation.steps if isinstance(step, Emit))
    for job in system.jobs:
        produced.update(job.events)
    if system.webhooks and system.webhooks.disabled:
        produced.add(system.webhooks.disabled)
    produced.update(event.name for event in system.events if event.message)
    return frozenset(produced)


def _members_of(trees: Iterable[TypedExpression], root: str) -> frozenset[str]:
    found = (path for tree in trees for path in paths(tree))
    return frozenset(path.names[0] for path in found if path.root.name == root and path.names)
