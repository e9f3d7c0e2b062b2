"""From the spec's entities to those of a backend: their data."""

from collections.abc import Iterator

from tospec.ir.entities import Lifecycle, Need, Transition, Tree
from tospec.ir.tables import EnumType
from tospec.lowering import naming
from tospec.lowering.fields import enum_of
from tospec.model import Entity, FieldType, OnDelete, System
from tospec.python import constant_case


def enums(entity: Entity) -> tuple[EnumType, ...]:
    """Return the enums of an entity's fields, in the order of its columns: the state last."""
    fields = [f for f in entity.fields if f.type is FieldType.ENUM or f.name == entity.state_field]
    fields.sort(key=lambda field: field.name == entity.state_field)
    return tuple(enum_of(entity, field) for field in fields)


def lifecycle(entity: Entity) -> Lifecycle | None:
    """Return an entity's lifecycle, by names of members of its state's enum."""
    spec = entity.lifecycle
    if spec is None:
        return None
    enum = next(enum for enum in enums(entity) if enum.is_state)
    return Lifecycle(
        field=spec.field,
        constant=f"{naming.entity_names(entity.name).singular.upper()}_TRANSITIONS",
        enum=enum,
        transitions=tuple(
            Transition(
                name=move.name,
                sources=tuple(constant_case(state) for state in move.sources),
                target=constant_case(move.target),
            )
            for move in spec.transitions
        ),
    )


def needs(system: System, entity: Entity) -> Iterator[Need]:
    """Yield what may keep a deleted row of an entity from coming back."""
    for relation in entity.relations if entity.restores else ():
        target = system.entity(relation.to)
        if target.soft_delete and not relation.many:
            yield Need(
                column=naming.reference_column(relation.name),
                to=naming.entity_names(target.name),
                table=naming.table_name(target.name),
                cleared=relation.on_delete is OnDelete.SET_NULL,
            )


def trees(entity: Entity) -> tuple[Tree, ...]:
    """Return the relations by which an entity's rows form trees."""
    return tuple(
        Tree(
            column=naming.reference_column(relation.name),
            max_depth=relation.tree.max_depth,
            error=relation.tree.error,
            error_type=naming.error_type(relation.tree.error),
        )
        for relation in entity.relations
        if relation.tree is not None
    )
