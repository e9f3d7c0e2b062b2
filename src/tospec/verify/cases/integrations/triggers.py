"""Which operations announce the events that start a job."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tospec.expression import Call, Constant, Function, Path
from tospec.model import Emission, Emit, Entity, Event, Expression, Job, Kind, Operation, System
from tospec.verify.oracle.predicting import MOMENTS, roles_of
from tospec.verify.oracle.reading import parts
from tospec.verify.oracle.steps import PEOPLE
from tospec.verify.scene.parts import modelled

INVITING: Final = "InviteUser"
_INVITED: Final = "user_invited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """An operation that announces an event.

    Attributes:
        emission: What of the entity's says when; None where the operation always announces it.
    """

    event: Event
    operation: Operation
    emission: Emission | None = None

    @property
    def mentions(self) -> str:
        """The field whose text decides whom the event is about; empty if none does."""
        each = self.emission.for_each if self.emission else None
        found = each.tree.root if each else None
        if not isinstance(found, Call) or found.function is not Function.MENTIONED:
            return ""
        argument = found.arguments[0]
        return argument.names[0] if isinstance(argument, Path) and argument.names else ""


def triggers_of(system: System, job: Job) -> Iterator[Trigger]:
    """Yield what of the API starts a job; nothing for one that only the clock starts."""
    for name in job.on:
        event = system.event(name)
        if dict(system.auth.events if system.auth else ()).get(_INVITED) == name:
            found = (each for each in system.operations if each.name == INVITING)
            yield from (Trigger(event=event, operation=each) for each in found)
        yield from announcing(system, event)


def announcing(system: System, event: Event) -> Iterator[Trigger]:
    """Yield the operations on rows that announce an event."""
    for operation in modelled(system):
        yield from _of_operation(system, operation, event)


def _of_operation(system: System, operation: Operation, event: Event) -> Iterator[Trigger]:
    entity = system.entity(operation.entity)
    for emission in entity.emits:
        if emission.event == event.name and MOMENTS.get(operation.kind) in emission.on:
            yield Trigger(event=event, operation=operation, emission=emission)
    moved = entity.lifecycle.transitions if entity.lifecycle and operation.transition else ()
    announced = {name for move in moved if move.name == operation.transition for name in move.emits}
    announced |= {step.event for step in operation.steps if isinstance(step, Emit)}
    if event.name in announced and roles_of(system, operation):
        yield Trigger(event=event, operation=operation)


def people_told_of(system: System, job: Job, trigger: Trigger) -> tuple[str, ...]:
    """Return the members of an event that are people of whom a job sends something."""
    entity = system.entity(trigger.event.of)
    told = [path.names[0] for path in paths_of(_sent(job)) if len(path.names) > 1]
    known = (name for name in told if _is_person(entity, name) or name == trigger.event.each)
    return tuple(dict.fromkeys(known))


def _sent(job: Job) -> tuple[Expression, ...]:
    return tuple(value for _, value in job.ask.values) if job.ask else ()


def _is_person(entity: Entity, name: str) -> bool:
    relation = entity.relation(name)
    return relation is not None and relation.to == PEOPLE and not relation.many


def paths_of(expressions: tuple[Expression, ...]) -> Iterator[Path]:
    """Yield what expressions read of the event."""
    for expression in expressions:
        for part in parts(expression.tree.root):
            if isinstance(part, Path) and part.root.name == "event" and part.names:
                yield part


def constants_of(expression: Expression) -> list[object]:
    """Return the constants in an expression."""
    found = parts(expression.tree.root)
    return [each.value for each in found if isinstance(each, Constant) and each.value is not None]


def is_settable(system: System, trigger: Trigger, name: str) -> bool:
    """Return whether a request can say what a member of the event is."""
    entity, updates = system.entity(trigger.event.of), trigger.operation.kind is Kind.UPDATE
    member = entity.field(name) or entity.relation(name)
    if member is None or trigger.operation.kind not in {Kind.CREATE, Kind.UPDATE}:
        return False
    return member.changeable if updates else member.writable
