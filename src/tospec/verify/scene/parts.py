"""What the kinds of cases from the model share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tospec.model import Entity, Kind, Operation, System
from tospec.source import Span
from tospec.verify.base import NOTHING, Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import REST, Expected, expected
from tospec.verify.oracle.planning import Goal, Planner, Plot, done
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Prediction, Step
from tospec.verify.oracle.world import Row, Somebody, Undetermined, World
from tospec.verify.probes.topics import Kind as CaseKind
from tospec.verify.probes.topics import Topic, about, place
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.agreement import disagreements, unnoted
from tospec.verify.scene.trials import Trial, control, hold

MODELLED: Final = frozenset(set(Kind) - {Kind.ACCOUNT})
"""Operations whose outcome the oracle works out from the model alone."""


def modelled(system: System) -> Iterator[Operation]:
    """Yield the operations whose outcome the oracle can work out."""
    for operation in system.operations:
        if operation.kind in MODELLED and roles_of(system, operation):
            yield operation


def about_entity(kind: str, entity: Entity) -> Topic:
    """Return the topic of an entity."""
    return Topic(
        kind=kind,
        label=entity.name,
        element=f"entity {entity.name}",
        reference=place(entity.span),
        requirements=entity.requirements,
    )


def about_member(
    kind: str,
    entity: Entity,
    name: str,
    span: Span,
    *,
    operation: Operation | None = None,
    what: str = "field",
) -> Topic:
    """Return the topic of a member of an entity, in the body of an operation if it is given."""
    return Topic(
        kind=kind,
        label=f"{operation.name if operation else entity.name}.{name}",
        element=f"{what} {entity.name}.{name}",
        reference=place(span),
        operation=operation.name if operation else "",
        requirements=entity.requirements,
    )


def first_role(system: System, operation: Operation) -> str:
    """Return the first role that may ask for an operation."""
    return roles_of(system, operation)[0]


def operation_of(system: System, entity: Entity, kind: Kind) -> Operation | None:
    """Return the operation of a kind on an entity; None when there is none."""
    return next((o for o in system.operations_of(entity.name) if o.kind is kind), None)


def somebody_who_can(
    planner: Planner,
    operation: Operation,
    wanted: Callable[[Prediction], bool] = done,
    **more: object,
) -> Plot:
    """Return a situation for a goal, by the first role for which there is one.

    Raises:
        Unavailable: If there is none.
    """
    for role in roles_of(planner.system, operation):
        goal = Goal(operation=operation, me=Somebody(role=role), wanted=wanted, **more)  # type: ignore[arg-type]
        plot = planner.find(goal)
        if plot is not None:
            return plot
    message = f"no situation was found in which {operation.name} comes to this end"
    raise Unavailable(message)


@dataclass(slots=True)
class Played:
    """A plot that was played up to the step to judge.

    Attributes:
        taken: That step as it was taken, once it was.
        before: The row that it is about, as it was known before.
        tag: The entity tag of that row, as it was told before; empty if none was.
        foreseen: What has to exist after it.
    """

    scene: Scene
    plot: Plot
    trial: Trial = field(default_factory=lambda: Trial(""))
    taken: Step | None = None
    before: Row | None = None
    tag: str = ""
    foreseen: World | None = None

    @property
    def step(self) -> Step:
        """The step to judge."""
        return self.plot.step

    def expected(self) -> Expected:
        """Return the right answer to the step."""
        return expected(self.scene.system, self.step.operation, self.plot.prediction)

    def judge(self, what: str) -> Answer:
        """Take the step and hold the answer against what is right."""
        wanted = self.expected()
        self.trial.expected = str(wanted)
        self.taken = self.scene.chosen(self.step)
        self.before = self.scene.world.rows.get(self.step.on or "")
        self.tag = self.scene.tags.get(self.step.on or "", "")
        self.foreseen = self._foreseen(self.taken)
        answer = self.scene.take(self.taken)
        hold(self.trial, what, answer, wanted)
        return answer

    def _foreseen(self, step: Step) -> World | None:
        try:
            return self.scene.predict(step).world
        except Undetermined:
            return self.scene.world if step.operation.kind.is_query else None

    def compare(self, answer: Answer) -> None:
        """Note in what a successful answer differs from the row as it has to be."""
        row, operation = self.row, self.step.operation
        if row is None or answer.json is NOTHING:
            return
        step = self.taken or self.step
        for fault in disagreements(self.scene, row, operation, answer.json, step):
            self.trial.found("values", fault)
        if self.before is not None and not operation.kind.is_query:
            entity = self.scene.world.entity_of(row)
            for fault in unnoted(entity, self.before, row, answer.json):
                self.trial.found("what notes the change", fault)
            self._compare_tags(answer)

    def _compare_tags(self, answer: Answer) -> None:
        after = answer.headers.get("etag", "")
        if self.tag and after and self.scene.system.has(REST):
            self.trial.need("another ETag", holds=self.tag != after, got="the same ETag")

    @property
    def row(self) -> Row | None:
        """The row that the step is about, as it has to be once the step was judged."""
        is_new = self.step.operation.kind is Kind.CREATE
        key = self.step.makes if is_new else self.step.on
        return self.foreseen.rows.get(key or "") if self.foreseen else None


def play(stage: Stage, plot: Plot) -> Played:
    """Bring a situation about.

    Raises:
        Unavailable: If the target does not let it come about.
    """
    scene = Scene(stage)
    for who in plot.world.people.values():
        scene.world = scene.world.with_person(who)
    scene.play(plot.steps)
    return Played(scene, plot)


__all__ = [
    "CaseKind",
    "Goal",
    "Judgement",
    "PlannedCase",
    "Planner",
    "Played",
    "Plot",
    "Somebody",
    "Topic",
    "Trial",
    "about",
    "about_entity",
    "about_member",
    "control",
    "done",
    "first_role",
    "hold",
    "modelled",
    "operation_of",
    "place",
    "play",
    "somebody_who_can",
]
