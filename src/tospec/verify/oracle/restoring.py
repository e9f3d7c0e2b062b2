"""Deleted rows that are kept: which ones, and how they come back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tospec.model import OnDelete, Relation
from tospec.verify.oracle.steps import PEOPLE, Situation, Step
from tospec.verify.oracle.world import Key, Lost, Row, World


def kept_after(world: World, going: Sequence[Key]) -> Mapping[Key, Lost]:
    """Return the deleted rows that are kept once some more go.

    Those stay whose entity says so, unless a row goes for good that takes them along.
    """
    lost = {**world.lost, **{key: Lost(row=world.rows[key]) for key in going}}
    gone = {key for key in going if not world.entity_of(world.rows[key]).soft_delete}
    waiting = list(gone)
    while waiting:
        at = waiting.pop()
        taken = {key for key, each in lost.items() if at in _owners(world, each.row)} - gone
        gone |= taken
        waiting.extend(taken)
    kept = {key: each for key, each in lost.items() if key not in gone}
    return {key: _after(world, each, gone) for key, each in kept.items()}


def _after(world: World, lost: Lost, gone: set[Key]) -> Lost:
    relations = (each for each in world.entity_of(lost.row).relations if _is_cleared(each))
    cut = (each.name for each in relations if lost.row.refs.get(each.name) in gone)
    row = lost.row.changed(refs=dict.fromkeys(cut))
    return replace(lost, row=row, linked=_linked(world, lost))


def _owners(world: World, row: Row) -> Iterator[Key | None]:
    for relation in world.entity_of(row).relations:
        if relation.on_delete is OnDelete.CASCADE and not relation.many:
            yield row.refs.get(relation.name)


def _linked(world: World, lost: Lost) -> tuple[tuple[Key, str], ...]:
    key = lost.row.key
    now = ((row.key, name) for row in world.rows.values() for name in _links_to(row, key))
    return tuple(dict.fromkeys((*lost.linked, *now)))


def _links_to(row: Row, key: Key) -> Iterator[str]:
    return (name for name, keys in row.links.items() if key in keys)


def needing(world: World, key: Key) -> Iterator[tuple[Row, Relation]]:
    """Yield the deleted rows that refer to a row which would go for good."""
    target = world.entity_of(world.rows[key])
    for lost in world.lost.values() if not target.soft_delete else ():
        for relation in world.entity_of(lost.row).relations:
            if relation.to == target.name and lost.row.refs.get(relation.name) == key:
                yield lost.row, relation


def as_seen(world: World, step: Step) -> World:
    """Return the world as who restores a row sees it: the row is there, deleted or not."""
    found = world.lost.get(step.on or "")
    return world if found is None else world.with_row(found.row)


def obstacle(world: World, step: Step) -> Situation | None:
    """Return why a row cannot come back, apart from rules; None if it can."""
    found = world.lost.get(step.on or "")
    if found is None:
        return Situation.NOT_DELETED
    held = (each for each in _leading_nowhere(world, found.row) if not _is_cleared(each))
    return Situation.REFERENCE_DELETED if any(held) else None


def restored(world: World, key: Key) -> World:
    """Return the world in which a deleted row is back, with the links to and from it."""
    found = world.lost[key]
    refs: dict[str, Key | None] = dict.fromkeys(
        each.name for each in _leading_nowhere(world, found.row)
    )
    there = {name: _present(world, keys) for name, keys in found.row.links.items()}
    rest = {other: each for other, each in world.lost.items() if other != key}
    for name, keys in found.row.links.items():
        for other in keys:
            if other in rest:
                linked = (*rest[other].linked, (key, name))
                rest[other] = replace(rest[other], linked=tuple(dict.fromkeys(linked)))
    after = replace(world, lost=rest).with_row(found.row.changed(refs=refs, links=there))
    for other, name in found.linked:
        if other in after.rows:
            row = after.rows[other]
            links = tuple(dict.fromkeys((*row.links.get(name, ()), key)))
            after = after.with_row(row.changed(links={name: links}))
    return after


def relinked(world: World, row: Row, names: Iterable[str]) -> World:
    """Return the world in which a row's relations lead to no deleted row any more."""
    cut = {(row.key, name) for name in names}
    lost = {
        key: replace(each, linked=tuple(pair for pair in each.linked if pair not in cut))
        for key, each in world.lost.items()
    }
    return replace(world, lost=lost)


def _leading_nowhere(world: World, row: Row) -> Iterator[Relation]:
    for relation in world.entity_of(row).relations:
        key = row.refs.get(relation.name)
        if key is not None and relation.to != PEOPLE and key not in world.rows:
            yield relation


def _is_cleared(relation: Relation) -> bool:
    return relation.on_delete is OnDelete.SET_NULL


def _present(world: World, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    return tuple(key for key in keys if key in world.rows or key in world.people)
