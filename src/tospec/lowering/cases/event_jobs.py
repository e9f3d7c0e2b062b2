"""What tests know about jobs that events start: events after which they change a row, or do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tospec.expression import Constant, paths
from tospec.ir.job_cases import AskCase, EventJobCase, Happening
from tospec.lowering.cases.conditions import role_code
from tospec.lowering.cases.givens import given, variable
from tospec.lowering.cases.plans import ORDINARY, Plan, Setting, build
from tospec.lowering.cases.rows import UNKNOWN, Row, Someone, World
from tospec.lowering.cases.search import find, names_in
from tospec.lowering.cases.truth import all_of, holds, member_value
from tospec.lowering.cases.values import example
from tospec.lowering.events import event_of
from tospec.lowering.members import member_of
from tospec.lowering.naming import entity_names
from tospec.lowering.told import EVENT
from tospec.model import (
    Ask,
    Entity,
    Event,
    FieldType,
    Job,
    Message,
    Moment,
    Requirement,
    System,
)
from tospec.model.dependence import followed
from tospec.python import Code, fill, snake

_ME: Final = Code("me")
_BEFORE: Final = "before"


def event_job_cases_of(system: System, entity: Entity) -> tuple[EventJobCase, ...]:
    """Return the jobs over an entity's rows for which an event is known that they follow."""
    found = (
        _Events(system, entity, job).case()
        for job in system.jobs_of(entity.name)
        if job.on and not job.follows
    )
    return tuple(each for each in found if each is not None)


def ask_cases_of(system: System) -> tuple[AskCase, ...]:
    """Return the jobs that ask other services, for which an event is known that they follow."""
    found = (
        _Events(system, system.entity(system.event(name).of), job).asking(job.ask)
        for job in system.jobs
        for name in job.on[:1]
        if job.ask and not job.follows and not system.entity(system.event(name).of).built_in
    )
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class _Way:
    """How an event is about the row that a job changes, or about one that the row refers to.

    Attributes:
        relation: The relation that leads there; None for the row itself.
        before: Whether the event tells of a row that was there before.
    """

    event: Event
    relation: str | None
    before: bool


@dataclass(frozen=True, slots=True)
class _Stage:
    """A row, and a world in which an event has happened."""

    row: Row
    world: World


@dataclass(frozen=True, slots=True)
class _Events:
    """Looks for events that tell what one job does."""

    system: System
    entity: Entity
    job: Job

    def case(self) -> EventJobCase | None:
        """Return what tests know about the job; None if no event is known that it follows."""
        found = self._happening(wanted=True, taken=True)
        if found is None:
            return None
        job = self.job
        name = f"{entity_names(self.entity.name).singular}.{snake(job.name)}"
        stored = (each.target for update in job.updates for each in update.set)
        return EventJobCase(
            name=snake(job.name),
            type=job.name,
            requirements=job.requirements,
            role=self._owner.role,
            found=found,
            left=self._happening(wanted=True, taken=False),
            ignored=self._happening(wanted=False, taken=None),
            stored=tuple(member_of(self.entity, each).name for each in stored),
            audit=name if self.entity.audit and job.updates else None,
            events=job.events,
        )

    def asking(self, ask: Ask) -> AskCase | None:
        """Return what tests know about a job that asks; None if no event is known to start it."""
        found = self._happening(wanted=True, taken=None)
        if found is None:
            return None
        names = entity_names(self.entity.name)
        return AskCase(
            name=snake(self.job.name),
            type=self.job.name,
            requirements=self.job.requirements,
            role=self._owner.role,
            integration=ask.integration,
            call=ask.call,
            row=variable(names.singular),
            entity=names,
            found=found,
            ignored=self._happening(wanted=False, taken=None),
            sent=tuple(_constants(ask)),
        )

    @property
    def _owner(self) -> Someone:
        return Someone(self.system.roles[0])

    @property
    def _rules(self) -> tuple[Requirement, ...]:
        rules = self.entity.rules if self.job.updates else ()
        return tuple(each.requirement for each in rules if Moment.UPDATE in each.on)

    def _happening(self, *, wanted: bool, taken: bool | None) -> Happening | None:
        """Return an event that the job wants or not, about a row that it takes or not."""
        for way in self._ways():
            needed = Plan(above=((way.relation, ORDINARY),)) if way.relation else ORDINARY

            def accept(plan: Plan, way: _Way = way, needed: Plan = needed) -> bool:
                return self._is(plan.joined(needed), way, wanted=wanted, taken=taken)

            plan = find(
                self.system,
                self.entity,
                self._names,
                accept,
                people=self._people,
                along=self._along(way),
            )
            if plan is not None:
                return self._written(plan.joined(needed), way)
        return None

    def _ways(self) -> Iterator[_Way]:
        for name in self.job.on:
            event = self.system.event(name)
            for before in (False, True):
                if event.of == self.entity.name:
                    yield _Way(event, None, before)
                for relation in self.entity.relations:
                    if relation.to == event.of and not relation.many and event.of not in _PEOPLE:
                        yield _Way(event, relation.name, before)

    def _along(self, way: _Way) -> tuple[str, ...]:
        """Return the relations to rows that the event is about, or that it leads to."""
        if way.relation is not None:
            return (way.relation,)
        read = (part for said in self.job.expressions for part in paths(said.tree))
        told = (path for path in read if path.root.name == EVENT and not path.is_stored)
        names = {each.names[0] for path in told for each in followed(path)}
        own = self.entity.relations
        return tuple(r.name for r in own if r.name in names and r.to not in _PEOPLE)

    @property
    def _names(self) -> frozenset[str]:
        return names_in(self.system, (*self.job.expressions, *(rule.that for rule in self._rules)))

    @property
    def _people(self) -> tuple[Setting, ...]:
        return tuple(
            Setting(name="", value=Someone(role), code=fill("world.home[{}].id", role_code(role)))
            for role in self.system.roles[1:]
        )

    def _is(self, plan: Plan, way: _Way, *, wanted: bool, taken: bool | None) -> bool:
        staged = self._staged(plan, way)
        if staged is None:
            return False
        row, world = staged.row, staged.world
        asked = True if self.job.when is None else holds(self.job.when, None, world)
        if taken is None or asked is not wanted:
            return asked is wanted
        found = True if self.job.where is None else holds(self.job.where, row, world)
        rules = [holds(rule.that, row, world) for rule in self._rules] if taken else []
        return found is taken and all_of(rules) is True

    def _staged(self, plan: Plan, way: _Way) -> _Stage | None:
        built = build(self.system, self.entity, plan, self._owner)
        world = built.world(World(system=self.system, principal=self._owner))
        about = built.row if way.relation is None else built.row.refs.get(way.relation)
        if not isinstance(about, Row):
            return None
        return _Stage(built.row, world.told(self._told(way, about, world)))

    def _told(self, way: _Way, about: Row, world: World) -> dict[str, object]:
        event = way.event
        if event.message:
            told: dict[str, object] = {each.name: UNKNOWN for each in event.message.data}
            told.update(_told_by(event.message))
            told.update({each.name: about for each in (event.message.about,) if each})
            return told
        now = {i.path: member_value(about, i.path, world) for i in event.payload if not i.before}
        earlier = {
            i.path: member_value(about, i.path, world) if way.before else None
            for i in event.payload
            if i.before
        }
        each = {event.each: self._owner} if event.each else {}
        return {**now, **each, _BEFORE: earlier}

    def _written(self, plan: Plan, way: _Way) -> Happening:
        own = variable(entity_names(self.entity.name).singular)
        return Happening(
            given=given(self.system, self.entity, plan, person=_ME, row=Code(f"{own}.id")),
            event=event_of(self.system, way.event),
            about=own if way.relation is None else variable(way.relation),
            before=way.before,
            told=tuple(_told_by(way.event.message)) if way.event.message else (),
        )


def _told_by(message: Message) -> Iterator[tuple[str, str | int | bool | None]]:
    """Yield what a message tells in tests, as far as that is written like it is read."""
    for each in message.data:
        value = example(each)
        if each.type in _PLAIN and isinstance(value, str | int):
            yield each.name, value
        elif each.optional:
            yield each.name, None


def _constants(ask: Ask) -> Iterator[tuple[str, str | int | bool]]:
    """Yield what is sent whatever has happened."""
    for name, value in ask.values:
        root = value.tree.root
        if isinstance(root, Constant) and isinstance(root.value, str | int):
            yield name, root.value


_PLAIN: Final = frozenset(
    (FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.SLUG)
) | {FieldType.INT, FieldType.BOOL}
"""Types whose values are written in Python as in JSON."""
_PEOPLE: Final = frozenset({"Tenant", "User", "Invitation"})
"""Entities whose rows tests have without making them."""
