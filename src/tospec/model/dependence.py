"""What the value of an expression depends on, behind the computed values that it names."""

from collections.abc import Iterator
from dataclasses import replace

from tospec.expression import Kind as TypeKind
from tospec.expression import MayDo, Path, Typed, parts
from tospec.model.entities import Computed, Entity
from tospec.model.expressions import Expression
from tospec.model.system import System


def members_read(entity: Entity, expression: Expression) -> frozenset[str]:
    """Return the fields and relations of a row that an expression about it reads."""
    found: set[str] = set()
    for name in _own_members(expression):
        computed = _computed(entity, name)
        found |= members_read(entity, computed.value) if computed else {name}
    return frozenset(found)


def waits_for_jobs(system: System, entity: Entity, name: str) -> bool:
    """Return whether a member of a row follows from what jobs write, whoever else does."""
    computed = _computed(entity, name)
    read = members_read(entity, computed.value) if computed else {name}
    updates = (update for job in system.jobs_of(entity.name) for update in job.updates)
    return any(each.target in read for update in updates for each in update.set)


def asks_who_acts(system: System, expression: Expression) -> bool:
    """Return whether a value depends on who asks for it."""
    return any(_asks(system, part) for part in parts(expression.tree.root))


def followed(path: Path) -> Iterator[Path]:
    """Yield the references to a row that a path goes through to a member of that row."""
    for length in range(1, len(path.steps)):
        steps = path.steps[:length]
        is_id = path.names[length:] == ("id",)
        if steps[-1].type.kind is TypeKind.ENTITY and not is_id:
            yield replace(path, steps=steps, type=steps[-1].type)


def _asks(system: System, part: Typed) -> bool:
    if isinstance(part, MayDo):
        return part.user is None
    if not isinstance(part, Path):
        return False
    if part.root.type.kind is TypeKind.PRINCIPAL:
        return True
    return any(asks_who_acts(system, each.value) for each in _computed_on(system, part))


def _computed_on(system: System, path: Path) -> Iterator[Computed]:
    owner = path.root.type
    for step in path.steps:
        if owner.kind is TypeKind.ENTITY:
            computed = _computed(system.entity(owner.name), step.name)
            if computed:
                yield computed
        owner = step.type


def _computed(entity: Entity, name: str) -> Computed | None:
    return next((each for each in entity.computed if each.name == name), None)


def _own_members(expression: Expression) -> Iterator[str]:
    for part in parts(expression.tree.root):
        if isinstance(part, Path) and part.root.level == 0 and part.names:
            yield part.names[0]
