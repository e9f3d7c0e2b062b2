"""From bulks to operations of several items, and the bodies that ask for them."""

from tospec.ir.bulks import BulkBody, BulkItem
from tospec.ir.entities import Entity as Data
from tospec.ir.operations import Operation, OperationKind
from tospec.lowering import faults, schemas
from tospec.model import Bulk, Entity, Kind, System
from tospec.model import Operation as ModelOperation
from tospec.python import pascal, sentence, snake


def bulks_of(system: System, entity: Entity, data: Data) -> tuple[Operation, ...]:
    """Return the bulks of an entity as operations."""
    return tuple(
        _operation(system, entity, data, each)
        for each in system.bulks
        if each.entity == entity.name
    )


def shared_by_bulks(system: System, entity: Entity) -> frozenset[str]:
    """Return the operations that bulks carry out within a transaction of their own."""
    own = (bulk for bulk in system.bulks if bulk.entity == entity.name)
    return frozenset(each.name for bulk in own for each in system.changes_of(bulk))


def about(data: Data, bulk: Bulk) -> str:
    """Return what a bulk does, in a sentence."""
    return sentence(bulk.description) or f"Change several {data.names.nouns}."


def _operation(system: System, entity: Entity, data: Data, bulk: Bulk) -> Operation:
    return Operation(
        name=bulk.name,
        function=snake(bulk.name),
        kind=OperationKind.BULK,
        about=about(data, bulk),
        http_method=bulk.method.lower(),
        path=bulk.path,
        parameters=(),
        permission=bulk.permission,
        body=f"{bulk.name}Input",
        view=schemas.view_type(entity, entity.item_view),
        faults=(faults.BULK,),
        requirements=bulk.requirements,
        bulk=_body(system, entity, data, bulk),
    )


def _body(system: System, entity: Entity, data: Data, bulk: Bulk) -> BulkBody:
    items = (_item(entity, data, bulk, each) for each in system.changes_of(bulk))
    return BulkBody(items=tuple(items), most=bulk.most or 1)


def _item(entity: Entity, data: Data, bulk: Bulk, operation: ModelOperation) -> BulkItem:
    change = operation.transition or Kind.UPDATE.value
    is_update = operation.kind is Kind.UPDATE
    members = {each.name: each for each in schemas.changeable_members(entity)}
    chosen = [schemas.wire_name(entity, name) for name in bulk.update] if is_update else []
    about = f"One {data.names.noun} to {change.replace('_', ' ')}"
    return BulkItem(
        change=change,
        type=f"{bulk.name}{pascal(change)}",
        about=f"{about}; what is left out stays as it is." if is_update else f"{about}.",
        operation=operation.name,
        function=snake(operation.name),
        body=schemas.update_body(data) if is_update else schemas.input_body(data, operation),
        changed=tuple(members[name] for name in chosen),
        is_update=is_update,
        versioned=entity.optimistic,
    )
