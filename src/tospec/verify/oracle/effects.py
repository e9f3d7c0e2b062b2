"""What exists after a step that succeeds."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tospec.model import (
    Assignment,
    Entity,
    Field,
    Generated,
    Kind,
    OnDelete,
    Relation,
    System,
    Update,
)
from tospec.verify.oracle.interpreter import Around, value_of
from tospec.verify.oracle.restoring import kept_after, needing, relinked, restored
from tospec.verify.oracle.steps import Step, inputs_of
from tospec.verify.oracle.values import default_of
from tospec.verify.oracle.world import Key, Row, Somebody, Undetermined, World


def applied(world: World, step: Step) -> World:
    """Return the world after a step other than a deletion."""
    match step.operation.kind:
        case Kind.CREATE:
            return world.with_row(created(world, step))
        case Kind.UPDATE if step.on:
            return _updated(world, step, world.rows[step.on])
        case Kind.RESTORE if step.on and step.on in world.lost:
            after = restored(world, step.on)
            return after.with_row(_touched(after, after.rows[step.on]))
        case Kind.TRANSITION | Kind.ACTION if step.on:
            return world.with_row(_assigned(world, step, world.rows[step.on]))
        case Kind.LINK | Kind.UNLINK if step.on and step.other:
            return world.with_row(_linked(step, world.rows[step.on], step.other))
    return world


def created(world: World, step: Step) -> Row:
    """Return the row that a creation makes, as far as the spec tells."""
    entity = world.system.entity(step.operation.entity)
    refs = {r.name: _reference(entity, r, step) for r in entity.relations if not r.many}
    return Row(
        key=step.makes or "",
        entity=entity.name,
        tenant=step.by.tenant,
        values=dict(_values(world, entity, step)),
        refs=refs,
        links={r.name: _links(step, r.name) for r in entity.relations if r.many},
    )


def _values(world: World, entity: Entity, step: Step) -> Iterator[tuple[str, object]]:
    for field in entity.fields:
        if field.name in step.body:
            yield field.name, step.body[field.name]
        elif entity.lifecycle and field.name == entity.lifecycle.field:
            yield field.name, entity.lifecycle.initial
        elif field.generated in {Generated.NOW, Generated.CHANGED}:
            yield field.name, world.now
        elif _is_told(field):
            yield field.name, default_of(field)


def _is_told(field: Field) -> bool:
    return field.generated is None and (field.has_default or field.optional)


def _reference(entity: Entity, relation: Relation, step: Step) -> Key | None:
    if relation.generated_by_principal:
        return step.by.key
    if relation.name == entity.under:
        return step.on
    sent = step.body.get(relation.name)
    return sent if isinstance(sent, str) else None


def _links(step: Step, name: str) -> tuple[Key, ...]:
    sent = step.body.get(name, ())
    return tuple(map(str, sent)) if isinstance(sent, tuple) else ()


def _updated(world: World, step: Step, row: Row) -> World:
    entity = world.entity_of(row)
    refs: dict[str, Key | None] = {}
    links: dict[str, tuple[Key, ...]] = {}
    values: dict[str, object] = {}
    for name, value in step.body.items():
        relation = entity.relation(name)
        if relation is None:
            values[name] = value
        elif isinstance(value, tuple):
            links[name] = tuple(map(str, value))
        else:
            refs[name] = value if isinstance(value, str) else None
    changed = _touched(world, row.changed(values=values, refs=refs, links=links))
    return relinked(world, row, links).with_row(changed)


def _touched(world: World, row: Row) -> Row:
    changed = (f for f in world.entity_of(row).fields if f.generated is Generated.CHANGED)
    return row.changed(values=dict.fromkeys((f.name for f in changed), world.now))


def assignments_of(system: System, step: Step) -> tuple[Assignment, ...]:
    """Return what a transition or an action sets."""
    operation = step.operation
    lifecycle = system.entity(operation.entity).lifecycle
    moves = lifecycle.transitions if lifecycle and operation.transition else ()
    own = [each for move in moves if move.name == operation.transition for each in move.set]
    steps = [each for part in operation.steps if isinstance(part, Update) for each in part.set]
    return (*own, *steps)


def _assigned(world: World, step: Step, row: Row) -> Row:
    entity = world.entity_of(row)
    around = Around(world=world, row=row, principal=step.by, inputs=inputs_of(step))
    values: dict[str, object] = dict(_target(world, step))
    refs: dict[str, Key | None] = {}
    unknown: set[str] = set()
    for each in assignments_of(world.system, step):
        try:
            found = value_of(each.value.tree.root, around)
        except Undetermined:
            unknown.add(each.target)
            continue
        if entity.relation(each.target) is None:
            values[each.target] = found
        else:
            refs[each.target] = _key(found)
    changed = row.changed(values=values, refs=refs)
    kept = {name: value for name, value in changed.values.items() if name not in unknown}
    return _touched(world, replace(changed, values=kept))


def _key(found: object) -> Key | None:
    if isinstance(found, (Row, Somebody)):
        return found.key
    return found if isinstance(found, str) else None


def _target(world: World, step: Step) -> Iterator[tuple[str, object]]:
    lifecycle = world.system.entity(step.operation.entity).lifecycle
    for move in lifecycle.transitions if lifecycle else ():
        if lifecycle and move.name == step.operation.transition:
            yield lifecycle.field, move.target


def _linked(step: Step, row: Row, other: Key) -> Row:
    name = step.operation.relation or ""
    before = tuple(key for key in row.links.get(name, ()) if key != other)
    after = (*before, other) if step.operation.kind is Kind.LINK else before
    return row.changed(links={name: after})


def removed(world: World, key: Key) -> World | None:
    """Return the world after a row went, and what goes with it; None when something holds it."""
    going = [key]
    cleared: list[tuple[Row, str]] = []
    waiting = [key]
    while waiting:
        at = waiting.pop()
        for row, relation in _tied(world, at):
            match relation.on_delete:
                case OnDelete.CASCADE if row.key not in going:
                    going.append(row.key)
                    waiting.append(row.key)
                case OnDelete.SET_NULL:
                    cleared.append((row, relation.name))
    if _is_held(world, going):
        return None
    for row, name in cleared:
        if row.key not in going:
            world = world.with_row(world.rows[row.key].changed(refs={name: None}))
    kept = kept_after(world, going)
    return replace(_unlinked(world, going).without(*going), lost=kept)


def _tied(world: World, key: Key) -> Iterator[tuple[Row, Relation]]:
    target = world.rows[key].entity
    for row in world.rows.values():
        for relation in world.entity_of(row).relations:
            if relation.to == target and row.refs.get(relation.name) == key:
                yield row, relation


def _is_held(world: World, going: Sequence[Key]) -> bool:
    tied = (pair for key in going for pair in (*_tied(world, key), *needing(world, key)))
    return any(r.on_delete is OnDelete.RESTRICT and row.key not in going for row, r in tied)


def _unlinked(world: World, going: Sequence[Key]) -> World:
    for row in tuple(world.rows.values()):
        links = {name: tuple(k for k in keys if k not in going) for name, keys in row.links.items()}
        if links != row.links:
            world = world.with_row(row.changed(links=links))
    return world
