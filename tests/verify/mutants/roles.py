"""Who may do what: roles of permissions, permissions of operations, policies of rows."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import (
    Mutant,
    at,
    mutant,
    names_of,
    negated,
    own,
    with_entity,
    with_operation,
)
from tospec.model import Entity, Permission, Policy, System

_KINDS = "role-matrix scenarios transitions answers permitted isolation"


def mutants(system: System) -> Iterator[Mutant]:
    """Change who may do what."""
    yield from _of_permissions(system)
    yield from _of_operations(system)
    for entity in own(system):
        yield from _of_policy(system, entity)


def _of_permissions(system: System) -> Iterator[Mutant]:
    for place, permission in enumerate(system.permissions):
        users = _users(system, permission)
        why = "" if users else "no operation asks for it"
        for role in system.roles:
            changed = replace(permission, roles=_toggled(system, permission, role))
            mutated = replace(system, permissions=at(system.permissions, place, changed))
            verb = "loses" if role in permission.roles else "gains"
            yield mutant(
                "permission",
                f"permission {permission.name}",
                f"{role} {verb} it",
                mutated,
                kinds=f"{_KINDS} audit",
                about=(f"permission {permission.name}", *users),
                unobservable=why,
            )


def _users(system: System, permission: Permission) -> tuple[str, ...]:
    trail = system.audit is not None and system.audit.read == permission.name
    asking = (o.name for o in system.operations if o.permission == permission.name)
    return (*asking, *(("audit", "Audit") if trail else ()))


def _toggled(system: System, permission: Permission, role: str) -> tuple[str, ...]:
    held = set(permission.roles) ^ {role}
    return tuple(each for each in system.roles if each in held)


def _of_operations(system: System) -> Iterator[Mutant]:
    for operation in system.operations:
        if operation.permission is None:
            continue
        held = set(system.permission(operation.permission).roles)
        other = next(p.name for p in system.permissions if set(p.roles) != held)
        mutated = with_operation(system, operation.name, permission=other)
        yield mutant(
            "operation permission",
            f"operation {operation.name}",
            f"{operation.permission} becomes {other}",
            _in_lifecycle(mutated, operation.entity, operation.transition, other),
            kinds=_KINDS,
            about=(operation.name,),
        )


def _in_lifecycle(system: System, name: str, transition: str | None, permission: str) -> System:
    entity = system.entity(name)
    if transition is None or entity.lifecycle is None:
        return system
    moves = tuple(
        replace(each, permission=permission) if each.name == transition else each
        for each in entity.lifecycle.transitions
    )
    lifecycle = replace(entity.lifecycle, transitions=moves)
    return with_entity(system, replace(entity, lifecycle=lifecycle))


def _of_policy(system: System, entity: Entity) -> Iterator[Mutant]:
    policy = entity.policy
    if policy is None:
        return
    about = names_of(system, entity)
    always = (policy.visible.text if policy.visible else "true") == "true"
    if policy.visible is not None:
        if not always:
            yield _policy(system, entity, "visible to all", replace(policy, visible=None), about)
        hidden = replace(policy, visible=negated(policy.visible))
        yield _policy(system, entity, "visible negated", hidden, about)
    for place, (action, condition) in enumerate(policy.allow):
        names = _actors(system, entity, action)
        dropped = tuple(each for each in policy.allow if each[0] != action)
        inverse = at(policy.allow, place, (action, negated(condition)))
        changes = (("asks nobody", dropped), ("negated", inverse))
        for change, allow in changes:
            changed = replace(policy, allow=allow)
            yield _policy(system, entity, f"{action} {change}", changed, names)


def _actors(system: System, entity: Entity, action: str) -> tuple[str, ...]:
    return tuple(o.name for o in system.operations_of(entity.name) if o.policy == action)


def _policy(
    system: System, entity: Entity, change: str, policy: Policy, about: tuple[str, ...]
) -> Mutant:
    return mutant(
        "policy",
        f"policy {entity.name}",
        change,
        with_entity(system, replace(entity, policy=policy)),
        kinds=f"{_KINDS} lists",
        about=about,
    )
