"""Which entities have example rows, and in which order they are made."""

from collections.abc import Iterable, Iterator
from typing import Final

from tospec.model import Entity, Kind, Relation, System

USER: Final = "User"
_LIFECYCLE: Final = 5
_BELOW: Final = 3


def in_order(system: System) -> tuple[Entity, ...]:
    """Return the entities whose rows clients can create, each after those that it needs.

    Where it can be had, an entity also comes after those that it may refer to.
    """
    waiting = [entity for entity in system.entities if _is_created(system, entity)]
    found: list[Entity] = []
    while waiting:
        made = {entity.name for entity in found}
        ready = [entity for entity in waiting if made >= {each.to for each in _needs(entity)}]
        if not ready:
            break
        best = next((each for each in ready if made >= set(_uses(each, waiting))), ready[0])
        found.append(best)
        waiting.remove(best)
    return tuple(found)


def main_of(entities: Iterable[Entity]) -> Entity:
    """Return the one of some entities with most to show: relations, and a lifecycle."""
    return max(entities, key=_weight)


def is_after(entity: Entity, main: Entity) -> bool:
    """Whether rows of an entity need rows of the main one."""
    return any(relation.to == main.name for relation in _needs(entity))


def _is_created(system: System, entity: Entity) -> bool:
    creates = any(each.kind is Kind.CREATE for each in system.operations_of(entity.name))
    # Example rows are made by messages alone, and a file is more than its message.
    return creates and not entity.built_in and entity.file is None


def _needs(entity: Entity) -> Iterator[Relation]:
    for relation in entity.relations:
        needed = not relation.many and not relation.optional
        if needed and relation.to != USER and not relation.generated_by_principal:
            yield relation


def _uses(entity: Entity, waiting: list[Entity]) -> Iterator[str]:
    names = {each.name for each in waiting} - {entity.name}
    return (relation.to for relation in entity.relations if relation.to in names)


def _weight(entity: Entity) -> int:
    below = _BELOW if entity.under else 0
    return len(entity.relations) + (_LIFECYCLE if entity.lifecycle else 0) - below
