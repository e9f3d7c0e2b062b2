"""The scenarios of the spec, as written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from tospec.model import Entity, Field, Kind, Scenario, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.building import Builder, Impossible
from tospec.verify.oracle.contract import Expected, told
from tospec.verify.oracle.naming import wire_name
from tospec.verify.oracle.planning import Planner, new_world
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import PEOPLE, Step
from tospec.verify.oracle.wire import constant, to_json
from tospec.verify.oracle.world import Key, Somebody
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.changing import snapshot
from tospec.verify.scene.listing import ids_of, walk
from tospec.verify.scene.parts import CaseKind, Topic, Trial, hold, place

NAME: Final = "scenarios"


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for index, scenario in enumerate(system.scenarios):
        yield _case(planner, scenario, index)


def _case(planner: Planner, scenario: Scenario, index: int) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        try:
            story = _Story(planner, scenario)
            story.tell()
            step = story.step()
        except Impossible as reason:
            raise Unavailable(f"the scenario cannot be arranged: {reason}") from None
        scene = Scene(stage)
        scene.play(story.builder.steps)
        return _judged(scene, scenario, story, step)

    slug = "-".join("".join(c if c.isalnum() else " " for c in scenario.title.lower()).split())
    topic = Topic(
        kind=NAME,
        label=f"{index + 1}-{slug[:80]}",
        element=f"scenario {scenario.title}",
        reference=place(scenario.span),
        operation=scenario.operation,
        requirements=scenario.requirements,
    )
    return topic.case("as-written", scenario.title, run, cost=8)


@dataclass(slots=True)
class _Story:
    """People and rows of a scenario, and the steps that make them."""

    planner: Planner
    scenario: Scenario
    builder: Builder
    people: dict[str, Somebody]
    rows: dict[str, Key]

    def __init__(self, planner: Planner, scenario: Scenario) -> None:
        self.planner = planner
        self.scenario = scenario
        self.people = _people(scenario)
        self.rows = {}
        me = self.people[scenario.actor]
        cast = replace(planner.cast(me), helpers=_helpers(planner.system, self.people))
        world = new_world(planner.system)
        for who in self.people.values():
            world = world.with_person(who)
        self.builder = Builder(planner.system, cast, {}, world, me)

    def tell(self) -> None:
        """Find the steps that make all rows."""
        for row in self.scenario.rows:
            entity = self.planner.system.entity(row.entity)
            self.builder.maker = self.people[row.by or self.scenario.people[0][0]]
            fixed, self.builder.choices = self._values(entity, row.values)
            self.rows[row.name] = self.builder.make(entity, (), {}, fixed)
        self.builder.choices = {}
        self.builder.finish()

    def _values(
        self, entity: Entity, values: tuple[tuple[str, object], ...]
    ) -> tuple[dict[str, Key], Mapping[Place, object]]:
        fixed: dict[str, Key] = {}
        choices: dict[Place, object] = {}
        for name, value in values:
            relation, field = entity.relation(name), entity.field(name)
            if field is not None:
                choices[(name,)] = constant(field, value)
            elif relation is not None and relation.many:
                words = value if isinstance(value, tuple) else (value,)
                choices[(name,)] = tuple(self._linked(str(word)) for word in words)
            elif relation is not None and relation.to == PEOPLE and value is not None:
                choices[(name,)] = self.people[str(value)]
            elif value is None:
                choices[(name,)] = None
            else:
                fixed[name] = self.key(str(value))
        return fixed, choices

    def _linked(self, word: str) -> Somebody | Key:
        return self.people[word] if word in self.people else self.key(word)

    def key(self, word: str) -> Key:
        """Return the key for a person, a row, or what a relation of a row leads to."""
        name, _, member = word.partition(".")
        if name in self.people:
            return self.people[name].key
        key = self.rows[name]
        if not member:
            return key
        found = self.builder.world.rows[key].refs.get(member)
        if found is None:
            raise Impossible(f"{word} leads to nothing")
        return found

    def step(self) -> Step:
        """Return the step that the scenario is about."""
        scenario, system = self.scenario, self.planner.system
        operation = next(o for o in system.operations if o.name == scenario.operation)
        entity = system.entity(operation.entity)
        me = self.people[scenario.actor]
        on = self.rows[scenario.on] if scenario.on else None
        if operation.kind is not Kind.CREATE:
            body = self._body(entity, operation.input)
            return Step(operation=operation, by=me, on=on, body=body)
        fixed, self.builder.choices = self._values(entity, scenario.input)
        if entity.under and on:
            fixed[entity.under] = on
        return replace(self.builder.creation(entity, (), {}, fixed), by=me)

    def _body(self, entity: Entity, inputs: tuple[Field, ...]) -> dict[str, object]:
        body: dict[str, object] = {}
        own = {each.name: each for each in inputs}
        for name, value in self.scenario.input:
            relation = None if name in own else entity.relation(name)
            field = own.get(name) or entity.field(name)
            if relation is not None and value is not None:
                body[name] = self.key(str(value))
            else:
                body[name] = constant(field, value) if field is not None else value
        return body


def _people(scenario: Scenario) -> dict[str, Somebody]:
    counts: dict[str, int] = {}
    found = {}
    for name, role in scenario.people:
        found[name] = Somebody(role=role, number=counts.get(role, 0))
        counts[role] = counts.get(role, 0) + 1
    return found


def _helpers(system: System, people: Mapping[str, Somebody]) -> tuple[Somebody, ...]:
    """Return the people of a scenario, and strangers who do what these may not."""
    strangers = (Somebody(role=role, number=7) for role in system.roles)
    return (*people.values(), *strangers)


def _judged(scene: Scene, scenario: Scenario, story: _Story, step: Step) -> Judgement:
    codes = (scenario.error,) if scenario.error else ()
    wanted = Expected(statuses=(scenario.status,), codes=codes)
    trial = Trial(str(wanted))
    unchanged = story.rows.get(scenario.unchanged or "")
    maker = story.people[scenario.people[0][0]]
    before = snapshot(scene, unchanged, maker)
    answer = scene.take(step)
    if hold(trial, scenario.operation, answer, wanted):
        _inspect(trial, scene, scenario, story, step, answer)
    if unchanged is not None:
        after = snapshot(scene, unchanged, maker)
        trial.need(f"{scenario.unchanged} afterwards", holds=before == after, got=str(after))
    return trial.judgement()


def _inspect(
    trial: Trial, scene: Scene, scenario: Scenario, story: _Story, step: Step, answer: Answer
) -> None:
    for name, is_in in ((scenario.without, False), (scenario.contains, True)):
        if name is not None:
            shown = ids_of(walk(scene, step))
            holds = (scene.id_of(story.rows[name]) in shown) is is_in
            got = "it is missing" if is_in else "it is in the list"
            trial.need(f"{name} in the list", holds=holds, got=got)
    entity = scene.system.entity(step.operation.entity)
    for member, value in scenario.values:
        wire = wire_name(entity, member)
        found = answer.json.get(wire) if isinstance(answer.json, dict) else told(answer)
        field = entity.field(member)
        wanted = to_json(constant(field, value)) if field is not None else value
        trial.need(wire, holds=found == wanted, got=repr(found))


KIND: Final = CaseKind(NAME, _planned)
