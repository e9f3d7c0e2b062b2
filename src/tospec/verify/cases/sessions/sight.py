"""Who loses a role no longer sees what only that role saw, though they made it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from tospec.model import Entity, Kind, System
from tospec.verify.base import Json, Judgement, PlannedCase, Stage
from tospec.verify.cases.sessions.common import case, expect_in_time, works
from tospec.verify.oracle.planning import Goal, Planner, hidden, new_world
from tospec.verify.oracle.predicting import predict, roles_of
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.world import Key, Somebody, Undetermined, World
from tospec.verify.probes.accounts import Accounts, named
from tospec.verify.probes.judging import Trial, expectation
from tospec.verify.probes.routes import allowed
from tospec.verify.probes.topics import Run
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.parts import operation_of

_NUMBER = 41
"""Of somebody who takes part in no other case, since their role changes."""


@dataclass(frozen=True, slots=True)
class _Story:
    """Somebody makes a row, is given a lesser role, and reads it."""

    maker: Somebody
    lesser: str
    steps: tuple[Step, ...]
    reading: Step


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the case, if rows can be hidden from somebody who made them."""
    planner = Planner(system)
    stories = (each for entity in system.entities for each in _stories(planner, entity))
    story = next(stories, None)
    if story is not None:
        rule = "Who loses a role no longer sees what only that role sees."
        yield case(system, "UpdateUser", "lost-sight", rule, _run(story), cost=10)


def _stories(planner: Planner, entity: Entity) -> Iterator[_Story]:
    system = planner.system
    reading = operation_of(system, entity, Kind.READ)
    creating = operation_of(system, entity, Kind.CREATE)
    if reading is None or creating is None:
        return
    for lesser in roles_of(system, reading):
        fixed = planner.hiding(entity, lesser)
        me = Somebody(role=lesser)
        goal = Goal(operation=reading, me=me, wanted=hidden, fixed=fixed or {})
        plot = planner.find(goal) if fixed is not None else None
        if plot is None:
            continue
        for role in roles_of(system, creating):
            maker = Somebody(role=role, number=_NUMBER)
            steps = tuple(replace(step, by=maker) for step in plot.steps)
            story = _Story(maker, lesser, steps, replace(plot.step, by=maker))
            if role != _founder(system) and _can_be(system, story):
                yield story


def _founder(system: System) -> str:
    return system.auth.sign_up_role if system.auth else ""


def _can_be(system: System, story: _Story) -> bool:
    """Return whether the maker can do all that, and sees the row until the role is lost."""
    world = new_world(system).with_person(story.maker)
    other = Somebody(role=story.lesser, number=_NUMBER)
    try:
        for step in story.steps:
            prediction = predict(world, step)
            if not prediction.done:
                return False
            world = prediction.world
        seen = predict(world, story.reading).done
        later = _renamed(world, story.maker, other)
        return seen and hidden(predict(later, replace(story.reading, by=other)))
    except Undetermined:
        return False


def _renamed(world: World, one: Somebody, other: Somebody) -> World:
    """Return the world in which all that led to somebody leads to them in their other role."""

    def now(key: Key) -> Key:
        return other.key if key == one.key else key

    for row in world.rows.values():
        refs = {name: None if key is None else now(key) for name, key in row.refs.items()}
        links = {name: tuple(map(now, keys)) for name, keys in row.links.items()}
        world = world.with_row(row.changed(refs=refs, links=links))
    return world.with_person(other)


def _run(story: _Story) -> Run:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 404, "not-found", tolerated=(403,))
        trial = Trial(f"{wanted} once a {story.maker.role} is a {story.lesser}")
        scene, accounts = Scene(stage), Accounts(stage)
        scene.play(story.steps)
        works(trial, "reading before", scene.take(story.reading))
        who = scene.person(story.maker)
        role = allowed(stage.system, named(stage.system, "UpdateUser"))[0]
        manager, id_ = stage.person(role), scene.id_of(story.maker.key)
        read = accounts.call("GetUser", id_=id_, person=manager)
        tag = {"If_Match": read.headers["etag"]} if "etag" in read.headers else {}
        change: Json = {"role": story.lesser}
        works(
            trial, "the change", accounts.call("UpdateUser", change, id_=id_, person=manager, **tag)
        )
        request = scene.request(story.reading)
        after = partial(stage.send, who, request.method, request.path)
        expect_in_time(stage, trial, "reading after", after, wanted)
        return trial.judgement()

    return run
