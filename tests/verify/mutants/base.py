"""A spec with one rule changed, and where the change should be noticed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tospec.expression import typed
from tospec.model import Entity, Expression, Field, Relation, Requirement, System


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A changed spec.

    Attributes:
        id: What was changed: its class, the element, the change.
        category: Class of rules.
        about: What cases must be about to notice it; empty for all.
        kinds: Kinds of cases that should notice it, the likeliest first.
        unobservable: Why nobody can notice it from outside; empty when somebody can.
    """

    id: str
    category: str
    system: System
    about: tuple[str, ...]
    kinds: tuple[str, ...]
    unobservable: str = ""


def mutant(
    category: str,
    element: str,
    change: str,
    system: System,
    *,
    kinds: str,
    about: Sequence[str] = (),
    unobservable: str = "",
) -> Mutant:
    """Return a mutant; `kinds` has spaces between the kinds."""
    return Mutant(
        id=f"{category}/{element}: {change}",
        category=category,
        system=system,
        about=tuple(about) or (element,),
        kinds=tuple(kinds.split()),
        unobservable=unobservable,
    )


def with_entity(system: System, entity: Entity) -> System:
    """Return the system with an entity in place of the one of its name."""
    entities = tuple(entity if each.name == entity.name else each for each in system.entities)
    return replace(system, entities=entities)


def with_field(system: System, entity: Entity, field: Field) -> System:
    """Return the system with a field in place of the one of its name."""
    fields = tuple(field if each.name == field.name else each for each in entity.fields)
    return with_entity(system, replace(entity, fields=fields))


def with_relation(system: System, entity: Entity, relation: Relation) -> System:
    """Return the system with a relation in place of the one of its name."""
    relations = tuple(relation if r.name == relation.name else r for r in entity.relations)
    return with_entity(system, replace(entity, relations=relations))


def with_operation(system: System, name: str, **changes: Any) -> System:
    """Return the system with members of one operation replaced."""
    operations = tuple(
        replace(each, **changes) if each.name == name else each for each in system.operations
    )
    return replace(system, operations=operations)


def own(system: System) -> tuple[Entity, ...]:
    """Return the entities that the spec itself declares."""
    return tuple(entity for entity in system.entities if not entity.built_in)


def names_of(system: System, entity: Entity) -> tuple[str, ...]:
    """Return what cases about an entity, or about one of its operations, are called."""
    operations = (operation.name for operation in system.operations_of(entity.name))
    return (f"entity {entity.name}", f"{entity.name}.", *operations)


def negated(expression: Expression) -> Expression:
    """Return the expression that is true when this one is false."""
    root = expression.tree.root
    inverse = (
        root.operand
        if isinstance(root, typed.Not)
        else typed.Not(root.offset, root.length, root.type, root)
    )
    tree = replace(expression.tree, root=inverse)
    return replace(expression, text=f"!({expression.text})", tree=tree)


def without[T](items: Sequence[T], place: int) -> tuple[T, ...]:
    """Return the items but the one at a place."""
    return (*items[:place], *items[place + 1 :])


def at[T](items: Sequence[T], place: int, item: T) -> tuple[T, ...]:
    """Return the items with another one at a place."""
    return (*items[:place], item, *items[place + 1 :])


def variants(
    required: Sequence[Requirement], codes: Sequence[str]
) -> list[tuple[str, tuple[Requirement, ...]]]:
    """Return conditions with one of them dropped, negated, or told by another code."""
    found: list[tuple[str, tuple[Requirement, ...]]] = []
    for place, each in enumerate(required):
        other = next(code for code in codes if code != each.error)
        inverse = replace(each, that=negated(each.that))
        found += [
            (f"{each.error} dropped", without(required, place)),
            (f"{each.error} negated", at(required, place, inverse)),
            (f"{each.error} told as {other}", at(required, place, replace(each, error=other))),
        ]
    return found
