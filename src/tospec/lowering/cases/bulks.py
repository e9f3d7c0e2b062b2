"""What tests have to know about several changes in one request."""

from collections.abc import Iterator

from tospec.ir.case_tables import BulkCase, ChangeCase
from tospec.ir.cases import Operation, Value
from tospec.lowering.cases.conditions import holders
from tospec.lowering.cases.uniques import unique_fields, unique_value
from tospec.lowering.cases.values import another, choices, wire
from tospec.lowering.naming import reference_column
from tospec.model import Bulk, Entity, Kind, System
from tospec.model import Operation as Spec
from tospec.python import Code, snake


def bulks_of(
    system: System, entity: Entity, operations: tuple[Operation, ...]
) -> Iterator[BulkCase]:
    """Yield what tests know about the bulks of an entity."""
    known = {operation.name: operation for operation in operations}
    for bulk in system.bulks:
        if bulk.entity == entity.name:
            changes = (_change(entity, bulk, o, known[o.name]) for o in system.changes_of(bulk))
            yield BulkCase(
                name=bulk.name,
                function=snake(bulk.name),
                path=bulk.path,
                roles=holders(system, bulk.permission),
                requirements=bulk.requirements,
                most=bulk.most or 1,
                versioned=entity.optimistic,
                changes=tuple(changes),
            )


def _change(entity: Entity, bulk: Bulk, operation: Spec, called: Operation) -> ChangeCase:
    is_update = operation.kind is Kind.UPDATE
    strangers = (cell for cell in called.cells if not cell.mine and not cell.allowed)
    return ChangeCase(
        do=operation.transition or operation.kind.value,
        operation=operation.name,
        members=tuple(_members(entity, bulk))[:1] if is_update else None,
        refused=tuple(dict.fromkeys(cell.role for cell in strangers)),
    )


def _members(entity: Entity, bulk: Bulk) -> Iterator[Value]:
    """Yield values that an item may set, whatever the row."""
    for name in bulk.update:
        field, relation = entity.field(name), entity.relation(name)
        if field is not None:
            unique = name in unique_fields(entity)
            value = unique_value(field) if unique else wire(another(field, choices(entity, field)))
            yield Value(name=name, code=value)
        elif relation is not None and relation.to == "User" and not relation.many:
            yield Value(name=reference_column(name), code=Code("str(by.id)"))
