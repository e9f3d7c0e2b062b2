"""Moves: where they start and end, what they ask, what they store."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import (
    Mutant,
    mutant,
    own,
    variants,
    with_entity,
    with_operation,
    without,
)
from tospec.model import Entity, Lifecycle, System, Transition

_KINDS = "transitions answers permitted stateful scenarios role-matrix races"


def mutants(system: System) -> Iterator[Mutant]:
    """Change the lifecycles."""
    for entity in own(system):
        if entity.lifecycle is not None:
            yield from _of_lifecycle(system, entity, entity.lifecycle)
            for transition in entity.lifecycle.transitions:
                yield from _of_transition(system, entity, entity.lifecycle, transition)


def _of_lifecycle(system: System, entity: Entity, lifecycle: Lifecycle) -> Iterator[Mutant]:
    other = next(state for state in lifecycle.states if state != lifecycle.initial)
    mutated = with_entity(system, replace(entity, lifecycle=replace(lifecycle, initial=other)))
    yield mutant(
        "transition",
        f"lifecycle {entity.name}",
        f"starts as {other}",
        mutated,
        kinds=_KINDS,
        about=(entity.name,),
    )


def _of_transition(
    system: System, entity: Entity, lifecycle: Lifecycle, move: Transition
) -> Iterator[Mutant]:
    operation = next(o.name for o in system.operations_of(entity.name) if o.transition == move.name)
    for change, changed in _changes(system, lifecycle, move):
        mutated = with_operation(
            _with(system, entity, lifecycle, changed), operation, require=changed.require
        )
        yield mutant(
            "transition",
            f"transition {entity.name}.{move.name}",
            change,
            mutated,
            kinds=f"{_KINDS} rules",
            about=(f"{entity.name}.{move.name}", operation, "scenario"),
            unobservable=_hidden_effect(system, entity, lifecycle, move, changed),
        )


def _hidden_effect(
    system: System, entity: Entity, lifecycle: Lifecycle, move: Transition, changed: Transition
) -> str:
    """Say why nobody sees that a move leaves alone what only jobs write; empty if it does not."""
    left = {each.target for each in move.set} - {each.target for each in changed.set}
    others = (each for each in lifecycle.transitions if each.name != move.name)
    by_people = {each.target for other in others for each in other.set}
    by_jobs = {
        each.target
        for job in system.jobs_of(entity.name)
        for update in job.updates
        for each in update.set
    }
    return "only the clock brings about what it takes back" if left & by_jobs - by_people else ""


def _with(system: System, entity: Entity, lifecycle: Lifecycle, move: Transition) -> System:
    moves = tuple(move if each.name == move.name else each for each in lifecycle.transitions)
    return with_entity(system, replace(entity, lifecycle=replace(lifecycle, transitions=moves)))


def _changes(
    system: System, lifecycle: Lifecycle, move: Transition
) -> Iterator[tuple[str, Transition]]:
    for place, state in enumerate(move.sources):
        if len(move.sources) > 1:
            yield f"not from {state}", replace(move, sources=without(move.sources, place))
    for state in lifecycle.states:
        if state not in move.sources and state != move.target:
            yield f"from {state} too", replace(move, sources=(*move.sources, state))
    for state in lifecycle.states:
        if state not in (*move.sources, move.target):
            yield f"to {state}", replace(move, target=state)
    codes = [error.code for error in system.errors]
    for change, required in variants(move.require, codes):
        yield change, replace(move, require=required)
    for place, assignment in enumerate(move.set):
        yield f"{assignment.target} not set", replace(move, set=without(move.set, place))
