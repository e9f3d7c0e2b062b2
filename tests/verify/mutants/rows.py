"""Rows together: unique values, relations, rules, computed values, what commands do."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import (
    Mutant,
    at,
    mutant,
    names_of,
    negated,
    own,
    variants,
    with_entity,
    with_operation,
    with_relation,
    without,
)
from tospec.expression import typed
from tospec.model import (
    Computed,
    Entity,
    Kind,
    OnDelete,
    Relation,
    System,
    Update,
)

_RULES = "rules scenarios permitted openapi stateful answers transitions references"


def mutants(system: System) -> Iterator[Mutant]:
    """Change what rows have to do with one another."""
    for entity in own(system):
        yield from _of_unique(system, entity)
        for relation in entity.relations:
            if relation.name != entity.under:
                yield from _of_relation(system, entity, relation)
        yield from _of_rules(system, entity)
        yield from _of_computed(system, entity)
        yield from _of_flags(system, entity)
    yield from _of_commands(system)


def _of_unique(system: System, entity: Entity) -> Iterator[Mutant]:
    about = names_of(system, entity)
    clients = [f.name for f in entity.fields if f.writable]
    for place, unique in enumerate(entity.unique):
        if not set(unique.fields) & set(clients):
            continue
        name = f"unique {entity.name}({', '.join(unique.fields)})"
        flipped = at(entity.unique, place, replace(unique, ignore_case=not unique.ignore_case))
        case = "minds the case" if unique.ignore_case else "ignores the case"
        for change, kept in (("dropped", without(entity.unique, place)), (case, flipped)):
            mutated = with_entity(system, replace(entity, unique=kept))
            why = "its values are all upper case" if change == "ignores the case" else ""
            kinds = "unique repeats races validation stateful"
            yield mutant(
                "unique", name, change, mutated, kinds=kinds, about=about, unobservable=why
            )


def _of_relation(system: System, entity: Entity, relation: Relation) -> Iterator[Mutant]:
    about = (f"{entity.name}.{relation.name}", *names_of(system, entity))
    about += tuple(o.name for o in system.operations_of(relation.to) if o.kind is Kind.DELETE)
    for change, changed in _relations(system, relation):
        yield mutant(
            "relation",
            f"relation {entity.name}.{relation.name}",
            change,
            with_relation(system, entity, changed),
            kinds="references validation rules answers mass-assignment openapi permitted stateful",
            about=about,
        )


def _relations(system: System, relation: Relation) -> Iterator[tuple[str, Relation]]:
    if not relation.many and system.operations_of(relation.to) and _is_deleted(system, relation):
        for on_delete in OnDelete:
            # No build accepts a required relation that becomes null: a contradiction, TS0521.
            contradicts = on_delete is OnDelete.SET_NULL and not relation.optional
            if on_delete is not relation.on_delete and not contradicts:
                yield f"on delete {on_delete}", replace(relation, on_delete=on_delete)
    if relation.max is not None:
        yield "one more", replace(relation, max=relation.max + 1)
        yield "one less", replace(relation, max=relation.max - 1)
    if relation.tree is not None:
        depth = relation.tree.max_depth
        yield "one deeper", replace(relation, tree=replace(relation.tree, max_depth=depth + 1))
        yield "one flatter", replace(relation, tree=replace(relation.tree, max_depth=depth - 1))
    if relation.writable and not relation.many:
        word = "required" if relation.optional else "optional"
        yield word, replace(relation, optional=not relation.optional)
        word = "changeable" if relation.immutable else "immutable"
        yield word, replace(relation, immutable=not relation.immutable)


def _is_deleted(system: System, relation: Relation) -> bool:
    return any(o.kind is Kind.DELETE for o in system.operations_of(relation.to))


def _of_rules(system: System, entity: Entity) -> Iterator[Mutant]:
    codes = [error.code for error in system.errors]
    for place, rule in enumerate(entity.rules):
        changed = [
            (change, without(entity.rules, place))
            if not kept
            else (change, at(entity.rules, place, replace(rule, requirement=kept[0])))
            for change, kept in variants([rule.requirement], codes)
        ]
        for position, moment in enumerate(rule.on):
            on = without(rule.on, position)
            if on:
                changed.append((f"not on {moment}", at(entity.rules, place, replace(rule, on=on))))
        for change, rules in changed:
            name = f"rule {entity.name} {rule.requirement.error}"
            mutated = with_entity(system, replace(entity, rules=rules))
            about = (*names_of(system, entity), "scenario")
            yield mutant("rule", name, change, mutated, kinds=_RULES, about=about)


def _of_computed(system: System, entity: Entity) -> Iterator[Mutant]:
    for place, computed in enumerate(entity.computed):
        changed = _computed(computed)
        mutated = with_entity(system, replace(entity, computed=at(entity.computed, place, changed)))
        yield mutant(
            "computed",
            f"computed {entity.name}.{computed.name}",
            f"becomes {changed.value.text}",
            mutated,
            kinds="computed answers rules transitions lists permitted stateful",
            about=(f"{entity.name}.{computed.name}", *names_of(system, entity)),
        )


def _computed(computed: Computed) -> Computed:
    """Count all rows, put a text's last part first, and negate a truth."""
    value = computed.value
    root = value.tree.root
    changed: typed.Typed
    match root:
        case typed.Aggregate():
            text, changed = "count of all", replace(root, condition=None)
        case typed.Arithmetic():
            text, changed = "swapped", replace(root, left=root.right, right=root.left)
        case _:
            return replace(computed, value=negated(value))
    tree = replace(value.tree, root=changed)
    return replace(computed, value=replace(value, text=text, tree=tree))


def _of_flags(system: System, entity: Entity) -> Iterator[Mutant]:
    about = names_of(system, entity)
    if entity.optimistic:
        mutated = with_entity(system, replace(entity, optimistic=False))
        kinds = "preconditions openapi answers races stateful"
        yield mutant(
            "concurrency",
            f"entity {entity.name}",
            "not optimistic",
            mutated,
            kinds=kinds,
            about=about,
        )


def _of_commands(system: System) -> Iterator[Mutant]:
    codes = [error.code for error in system.errors]
    for operation in system.operations:
        if operation.kind is not Kind.ACTION:
            continue
        name = operation.name
        changes = [
            (change, with_operation(system, name, require=kept))
            for change, kept in variants(operation.require, codes)
        ]
        for place, step in enumerate(operation.steps):
            if isinstance(step, Update):
                steps = without(operation.steps, place)
                changes.append(("changes nothing", with_operation(system, name, steps=steps)))
        for change, mutated in changes:
            about = (name, *names_of(system, system.entity(operation.entity)))
            element = f"operation {name}"
            yield mutant("command", element, change, mutated, kinds=_RULES, about=about)
