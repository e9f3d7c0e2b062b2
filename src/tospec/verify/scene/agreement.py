"""Whether an answer agrees with what the oracle says of a row."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tospec.model import Computed, Entity, Generated, Kind, Operation
from tospec.verify.base import Json
from tospec.verify.oracle.interpreter import Around, value_of
from tospec.verify.oracle.naming import wire_name
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.wire import from_json, state_or_type, type_of
from tospec.verify.oracle.world import NOW, Row, Undetermined
from tospec.verify.scene.acting import Scene

_SKEW: Final = timedelta(minutes=10)
"""How far the clocks of target and verifier may be apart."""


def disagreements(
    scene: Scene, row: Row, operation: Operation, body: Json, step: Step
) -> Iterator[str]:
    """Yield the members of a view that are not what a row holds, as far as that is known."""
    entity = scene.system.entity(row.entity)
    if operation.view is None or not isinstance(body, dict):
        return
    for name in scene.system.view(operation.view).fields:
        wire = wire_name(entity, name)
        if wire in body and (fault := _fault(scene, row, name, body[wire], step)):
            yield f"{wire} {fault}"


def _fault(scene: Scene, row: Row, name: str, shown: Json, step: Step) -> str:
    entity = scene.system.entity(row.entity)
    relation = entity.relation(name)
    for computed in entity.computed:
        if computed.name == name:
            return _of_computed(scene, row, computed, shown, step)
    if relation is None:
        return _of_value(entity, row, name, shown, step)
    if relation.many:
        wanted = {scene.ids.get(key) for key in row.links.get(name, ())}
        return "" if None in wanted or set(shown or ()) == wanted else f"is {shown}"
    if name not in row.refs:
        return ""
    key = row.refs[name]
    wanted_id = None if key is None else scene.ids.get(key)
    if key is not None and wanted_id is None:
        return ""
    return "" if shown == wanted_id else f"is {shown}, not {wanted_id}"


def _of_value(entity: Entity, row: Row, name: str, shown: Json, step: Step) -> str:
    field = entity.field(name)
    if field is None or name not in row.values or field.generated not in {None, Generated.NOW}:
        return ""
    try:
        found = from_json(state_or_type(entity, field), shown)
    except Undetermined as reason:
        return str(reason)
    wanted = row.values[name]
    is_clock = isinstance(wanted, datetime) and name not in step.body
    is_told = field.generated and wanted != NOW and step.operation.kind is not Kind.CREATE
    if is_clock and not is_told and isinstance(wanted, datetime) and isinstance(found, datetime):
        return "" if abs(found - wanted) <= _SKEW else f"is {shown!r}, not about {wanted}"
    return "" if found == wanted else f"is {shown!r}, not {wanted!r}"


def _of_computed(scene: Scene, row: Row, computed: Computed, shown: Json, step: Step) -> str:
    known = scene.world.rows.get(row.key)
    whole = row if known is None else replace(row, values={**known.values, **row.values})
    world = replace(scene.world.with_row(whole), now=datetime.now(UTC))
    try:
        around = Around(world=world, row=whole, principal=step.by)
        wanted = value_of(computed.value.tree.root, around)
    except Undetermined:
        return ""
    try:
        found = from_json(type_of(computed.value.tree.type), shown)
    except Undetermined as reason:
        return str(reason)
    return "" if found == wanted else f"is {shown!r}, not {wanted!r}"


def unnoted(entity: Entity, before: Row, after: Row, body: Json) -> Iterator[str]:
    """Yield the members that had to note that a row was changed, and did not.

    Args:
        entity: What it is a row of.
        before: The row as the target told it before.
        after: The row as it has to be now.
        body: What is shown of it now.
    """
    fields = [each for each in entity.fields if each.generated is Generated.CHANGED]
    if not isinstance(body, dict) or _same(before, after, [each.name for each in fields]):
        return
    for field in fields:
        name, old = field.name, before.values.get(field.name)
        try:
            new = from_json(field.type, body.get(name))
        except Undetermined:
            continue
        if isinstance(old, datetime) and isinstance(new, datetime) and not _later(old, new):
            yield f"{name} is still {body[name]!r}"


def _later(old: datetime, new: datetime) -> bool:
    # A clock of whole seconds may show the same moment twice.
    return old == NOW or new > old or (new == old and not new.microsecond)


def _same(one: Row, other: Row, apart_from: list[str]) -> bool:
    values = [{n: v for n, v in row.values.items() if n not in apart_from} for row in (one, other)]
    return values[0] == values[1] and one.refs == other.refs and one.links == other.links
