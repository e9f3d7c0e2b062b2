"""Whether an answer agrees with what the oracle says of a row."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from tospec.model import Entity, Generated, Operation
from tospec.verify.base import Json
from tospec.verify.oracle.naming import wire_name
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.wire import from_json, state_or_type
from tospec.verify.oracle.world import Row, Undetermined
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
    if is_clock and isinstance(wanted, datetime) and isinstance(found, datetime):
        return "" if abs(found - wanted) <= _SKEW else f"is {shown!r}, not about {wanted}"
    return "" if found == wanted else f"is {shown!r}, not {wanted!r}"
