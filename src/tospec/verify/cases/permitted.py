"""What no rule forbids succeeds, whatever else is true of the rows around."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from tospec.evidence import Outcome
from tospec.model import Computed, Kind, Operation, System
from tospec.verify.base import Answer, Json, Judgement, PlannedCase, Stage
from tospec.verify.oracle.choices import Other
from tospec.verify.oracle.combining import combined
from tospec.verify.oracle.contract import refusal, told
from tospec.verify.oracle.interpreter import Around, value_of
from tospec.verify.oracle.planning import Planner, Plot
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import FRESH, Situation
from tospec.verify.oracle.surroundings import surroundings
from tospec.verify.oracle.wire import from_json, type_of
from tospec.verify.oracle.world import Row, Somebody, Undetermined
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.agreement import disagreements
from tospec.verify.scene.parts import CaseKind, Played, Trial, about, hold, modelled, play

NAME: Final = "permitted"
_EXPECTED: Final = "success, since nothing forbids it"


def _planned(system: System) -> Iterator[PlannedCase]:
    for operation in modelled(system):
        if operation.kind not in {Kind.LIST, Kind.DELETED} and _can_differ(system, operation):
            for role in roles_of(system, operation):
                yield _case(operation, role)


def _can_differ(system: System, operation: Operation) -> bool:
    """Return whether there is anything to choose about the rows around an operation."""
    cast = Planner(system).cast(Somebody(role=system.roles[0]))
    return bool(surroundings(system, system.entity(operation.entity), operation, cast))


def _case(operation: Operation, role: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plots = _plots(stage, operation)[role]
        if not plots:
            return skipped(_EXPECTED, f"A {role} can it in no situation that no other role met.")
        trial = Trial(_EXPECTED)
        for plot in plots:
            _try(stage, plot, trial)
            # A replay is to end with what went wrong.
            if trial.judgement().outcome is Outcome.FAILED:
                break
        return trial.judgement()

    rule = f"A {role} can {operation.name} in every situation in which the spec does not forbid it."
    return about(NAME, operation).case(f"{role}/combinations", rule, run, cost=40)


def _plots(stage: Stage, operation: Operation) -> Mapping[str, list[Plot]]:
    """Return the situations of all roles, which are chosen together."""
    planner = Planner(stage.system)
    return stage.shared((NAME, operation.name), lambda: combined(planner, operation))


def _try(stage: Stage, plot: Plot, trial: Trial) -> None:
    """Judge a situation.

    Raises:
        Unavailable: If the target does not let it come about.
    """
    played = play(stage, plot)
    what = f"{plot.step.operation.name} where {_told(plot)}"
    answer = played.judge(what)
    if _is_taken(stage.system, plot.step.operation, answer):
        trial.found(what, "", seen=told(answer))
        return
    hold(trial, what, answer, played.expected())
    row, step = played.row, played.taken or played.step
    if played.expected().fits(answer) and row is not None:
        for fault in (
            *disagreements(played.scene, row, step.operation, answer.json, step),
            *_miscomputed(played, row, answer.json),
        ):
            trial.found("values", f"{fault} where {_told(plot)}")


def _is_taken(system: System, operation: Operation, answer: Answer) -> bool:
    """Whether a value is taken that may be there once only, which the model cannot know."""
    wanted = refusal(system, Situation.NOT_UNIQUE)
    return bool(system.entity(operation.entity).unique) and wanted.fits(answer)


def _miscomputed(played: Played, row: Row, body: Json) -> Iterator[str]:
    """Yield the computed values of a row that was read which are not what they should be."""
    operation, world = played.step.operation, played.foreseen
    if operation.kind is not Kind.READ or operation.view is None or world is None:
        return
    shown = body if isinstance(body, dict) else {}
    around = Around(world=replace(world, now=datetime.now(UTC)), row=row, principal=played.step.by)
    for each in world.entity_of(row).computed:
        if each.name in shown and (wanted := _value(each, around)) is not ...:
            found = _meant(each, shown[each.name])
            if found != wanted:
                yield f"{each.name} is {shown[each.name]!r}, not {wanted!r}"


def _value(computed: Computed, around: Around) -> object:
    """Return a computed value; an ellipsis when it depends on something unknown."""
    try:
        return value_of(computed.value.tree.root, around)
    except Undetermined:
        return ...


def _meant(computed: Computed, shown: Json) -> object:
    try:
        return from_json(type_of(computed.value.tree.type), shown)
    except Undetermined:
        return shown


def _told(plot: Plot) -> str:
    """Return in words what is particular about a situation."""
    chosen = plot.choices.items()
    return ", ".join(f"{'.'.join(place)} is {_word(value)}" for place, value in chosen)


def _word(value: object) -> str:
    match value:
        case tuple():
            return f"[{', '.join(map(_word, value))}]"
        case Somebody():
            return value.key
        case Other():
            return f"a {value.value} one"
    return "some text" if value is FRESH else str(value)


KIND: Final = CaseKind(NAME, _planned)
