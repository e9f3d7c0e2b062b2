"""What an answer tells of a row."""

from collections.abc import Callable

from tospec.model import Entity, Operation
from tospec.verify.base import Json
from tospec.verify.oracle.naming import wire_name
from tospec.verify.oracle.wire import from_json, state_or_type
from tospec.verify.oracle.world import Key, Row, Undetermined, World

type KeyOf = Callable[[str], Key | None]


def learned(world: World, row: Row, operation: Operation, body: Json, key_of: KeyOf) -> Row:
    """Return a row with all that a view of it tells; references to unknown rows stay as known."""
    entity = world.system.entity(row.entity)
    names = world.system.view(operation.view).fields if operation.view else ()
    for name in names:
        shown = body.get(wire_name(entity, name), ...) if isinstance(body, dict) else ...
        if shown is not ...:
            row = _with(entity, row, name, shown, key_of)
    return row


def _with(entity: Entity, row: Row, name: str, shown: Json, key_of: KeyOf) -> Row:
    field, relation = entity.field(name), entity.relation(name)
    if field is not None:
        try:
            return row.changed(values={name: from_json(state_or_type(entity, field), shown)})
        except Undetermined:
            return row
    if relation is None:
        return row
    if not relation.many:
        key = key_of(shown) if isinstance(shown, str) else None
        return row.changed(refs={name: key}) if key is not None or shown is None else row
    keys = [key_of(each) for each in shown] if isinstance(shown, list) else [None]
    return row if None in keys else row.changed(links={name: tuple(k for k in keys if k)})
