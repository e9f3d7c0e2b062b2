"""Several changes in one request: the rows that they are about, and what came back of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tospec.model import Bulk, Kind, Operation
from tospec.verify.base import NOTHING, Answer, Json, Stage, Unavailable
from tospec.verify.oracle.contract import Expected, expected
from tospec.verify.oracle.planning import Goal, Plot, done
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import PEOPLE, Prediction, Step
from tospec.verify.oracle.taking import initial_value
from tospec.verify.oracle.world import Row, Somebody
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.agreement import disagreements
from tospec.verify.scene.parts import Planner
from tospec.verify.scene.trials import Trial, hold


@dataclass(frozen=True, slots=True)
class Asked:
    """One item, with the situation that was brought about for it.

    Attributes:
        do: What the item says that is to be done.
        step: What it asks for.
        prediction: What must become of it.
    """

    scene: Scene
    do: str
    step: Step
    prediction: Prediction

    @property
    def id(self) -> str:
        """What the target calls the row."""
        return self.scene.id_of(self.step.on or "")

    @property
    def row(self) -> Row | None:
        """The row as it has to be afterwards."""
        return self.prediction.world.rows.get(self.step.on or "")

    @property
    def item(self) -> dict[str, Json]:
        """The item as it is sent."""
        body = self.scene.body(self.step)
        return {"id": self.id, "do": self.do, **(body if isinstance(body, dict) else {})}

    def expected(self) -> Expected:
        """Return what the change alone has to be answered with."""
        return expected(self.scene.system, self.step.operation, self.prediction)

    def judge(self, trial: Trial, result: Answer) -> None:
        """Hold what became of the item against what has to."""
        wanted = self.expected()
        hold(trial, f"{self.step.operation.name} as an item", result, wanted)
        if self.prediction.done and self.row is not None and wanted.fits(result):
            operation = self.step.operation
            for fault in disagreements(self.scene, self.row, operation, result.json, self.step):
                trial.found("values", fault)


def roles_for(planner: Planner, bulk: Bulk, operation: Operation) -> tuple[str, ...]:
    """Return the roles that may ask for a bulk and for one of its changes."""
    system = planner.system
    askers = system.permission(bulk.permission).roles if bulk.permission else system.roles
    return tuple(role for role in roles_of(system, operation) if role in askers)


def plot_for(planner: Planner, bulk: Bulk, operation: Operation, tenant: int = 0) -> Plot:
    """Return a situation in which an item succeeds.

    Raises:
        Unavailable: If there is none.
    """
    for role in roles_for(planner, bulk, operation):
        me = Somebody(role=role, tenant=tenant)
        plot = planner.find(Goal(operation=operation, me=me, wanted=done))
        if plot is not None:
            return plot
    raise Unavailable(f"no situation was found in which {operation.name} succeeds")


def asked(stage: Stage, bulk: Bulk, plot: Plot) -> Asked:
    """Bring a situation about, and return the item for its last step.

    Raises:
        Unavailable: If the target does not let it come about.
    """
    scene = Scene(stage)
    for who in plot.world.people.values():
        scene.world = scene.world.with_person(who)
    scene.play(plot.steps)
    operation = plot.step.operation
    step = scene.chosen(replace(plot.step, body=_body(scene, bulk, plot.step)))
    return Asked(scene, operation.transition or Kind.UPDATE.value, step, scene.predict(step))


def _body(scene: Scene, bulk: Bulk, step: Step) -> Mapping[str, object]:
    """Return what an item sends: of an update, one of the members that a bulk may set."""
    if step.operation.kind is not Kind.UPDATE:
        return step.body
    entity = scene.system.entity(step.operation.entity)
    for name in bulk.update:
        field, relation = entity.field(name), entity.relation(name)
        if field is not None:
            return {name: initial_value(entity, field)}
        if relation is not None and relation.to == PEOPLE and not relation.many:
            return {name: step.by.key}
    return {}


def send(
    stage: Stage, bulk: Bulk, by: Somebody, items: Sequence[Mapping[str, Json]], **more: Json
) -> Answer:
    """Ask for items."""
    person = stage.person(by.role, tenant=by.tenant, number=by.number)
    return stage.send(person, bulk.method, bulk.path, body={"items": list(items), **more})


def results_of(answer: Answer) -> list[Answer]:
    """Return what became of each item, as the change alone would have been answered."""
    found = answer.json.get("results") if isinstance(answer.json, dict) else None
    return [_result(each) for each in found] if isinstance(found, list) else []


def ids_of(answer: Answer) -> list[str]:
    """Return the rows that an answer tells of, in its order."""
    found = answer.json.get("results") if isinstance(answer.json, dict) else None
    known = found if isinstance(found, list) else []
    return [str(each.get("id")) for each in known if isinstance(each, dict)]


def _result(told: Any) -> Answer:
    whole = told if isinstance(told, dict) else {}
    status = whole.get("status")
    return Answer(
        status=status if isinstance(status, int) else 0,
        headers={},
        body=b"",
        json=whole.get("item", whole.get("problem", NOTHING)),
        seconds=0.0,
    )
