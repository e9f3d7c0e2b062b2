"""Who lacks a permission may not, not even on rows to which nothing else would bar them."""

from dataclasses import replace

from tospec.model import Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.controls import by, control_by_others
from tospec.verify.cases.owners import owned
from tospec.verify.oracle.contract import refusal
from tospec.verify.oracle.goals import new_world
from tospec.verify.oracle.planning import Goal, Planner, Plot, done
from tospec.verify.oracle.predicting import predict, roles_of
from tospec.verify.oracle.steps import Situation
from tospec.verify.oracle.world import Somebody, Undetermined, World
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import Topic, control, hold, play


def denied(planner: Planner, topic: Topic, operation: Operation, role: str) -> PlannedCase:
    """Return the case of somebody without a permission."""

    def run(stage: Stage) -> Judgement:
        for holder in roles_of(planner.system, operation):
            goal = Goal(operation=operation, me=Somebody(role=holder), wanted=lambda p: p.done)
            plot = planner.find(goal)
            if plot is not None:
                break
        else:
            raise Unavailable(f"nobody can {operation.name}")
        played = play(stage, plot)
        wanted = refusal(stage.system, Situation.NO_PERMISSION)
        played.trial.expected = str(wanted)
        answer = played.scene.take(by(played.step, Somebody(role=role)))
        hold(played.trial, f"{operation.name} by {role}", answer, wanted)
        allowed = played.scene.take(played.step)
        control(played.trial, f"the same by {holder}", allowed, played.expected())
        return played.trial.judgement()

    rule = f"A {role} lacks {operation.permission} and may not {operation.name}."
    return topic.case(f"{role}/denied", rule, run, cost=8)


def denied_to_owner(
    planner: Planner, topic: Topic, operation: Operation, role: str, name: str
) -> PlannedCase:
    """Return the case of somebody without a permission, on a row on which it would be enough."""

    def run(stage: Stage) -> Judgement:
        wanted = refusal(stage.system, Situation.NO_PERMISSION)
        plot = _as_if_permitted(planner, operation, role, name)
        if plot is None:
            return skipped(str(wanted), f"No {role} is ever {name} of such a row.")
        played = play(stage, plot)
        played.trial.expected = str(wanted)
        answer = played.scene.take(played.step)
        hold(played.trial, f"{operation.name} by {role}, as {name}", answer, wanted)
        control_by_others(planner, played)
        return played.trial.judgement()

    rule = f"A {role} lacks {operation.permission} and may not {operation.name} as {name} either."
    return topic.case(f"{role}/denied-own-{name}", rule, run, cost=10)


def _as_if_permitted(planner: Planner, operation: Operation, role: str, name: str) -> Plot | None:
    """Return a situation in which nothing but the permission is missing; None without one."""
    system, me = planner.system, Somebody(role=role)
    entity = system.entity(operation.entity)
    generous = Planner(_with_permission(system, operation, role))
    fixed = owned(entity, (name,), (name,), me, planner.cast(me).other)
    plot = generous.find(Goal(operation=operation, me=me, wanted=done, fixed=fixed))
    world = None if plot is None else _led_to(system, plot)
    return None if plot is None or world is None else replace(plot, world=world)


def _with_permission(system: System, operation: Operation, role: str) -> System:
    permissions = tuple(
        replace(each, roles=(*each.roles, role)) if each.name == operation.permission else each
        for each in system.permissions
    )
    return replace(system, permissions=permissions)


def _led_to(system: System, plot: Plot) -> World | None:
    """Return what the steps lead to by the rules of a system; None if one does not succeed."""
    world = new_world(system)
    for who in plot.world.people.values():
        world = world.with_person(who)
    for step in plot.steps:
        try:
            prediction = predict(world, step)
        except Undetermined:
            return None
        if not prediction.done:
            return None
        world = prediction.world
    return world
