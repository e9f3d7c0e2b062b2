"""Operations that would succeed now, so that one thing about them can be spoiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import NOTHING, Answer, Json, Person, Stage
from tospec.verify.oracle.contract import success
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.steps import Step
from tospec.verify.probes.judging import Trial
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.parts import play, somebody_who_can

_PLOT: Final = "a situation in which the operation succeeds"


@dataclass(frozen=True, slots=True)
class Ready:
    """A step that would succeed, on the scene on which it would."""

    stage: Stage
    scene: Scene
    step: Step

    @property
    def operation(self) -> Operation:
        """The operation that is asked for."""
        return self.step.operation

    @property
    def body(self) -> Json:
        """The body that succeeds; `NOTHING` when the operation reads none."""
        return self.scene.body(self.step)

    def send(
        self,
        *,
        body: Json | bytes = NOTHING,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        ids: tuple[str, ...] | None = None,
    ) -> Answer:
        """Ask for the operation in another way; the scene learns nothing from the answer.

        Args:
            body: Sent instead of the right one.
            headers: Sent beside the condition that the operation needs.
            query: Parameters.
            ids: Stand in the path instead of the right ones.
        """
        conditions = {**self.scene.condition(self.step), **(headers or {})}
        request = self.scene.request(
            self.step, body=body, headers=conditions, query=query or (), ids=ids
        )
        return self.stage.send(
            request.person,
            request.method,
            request.path,
            query=request.query,
            headers=request.headers,
            body=request.body,
        )

    def succeed(self) -> Answer:
        """Ask for the operation as it should be."""
        return self.scene.take(self.step)

    def control(self, trial: Trial) -> Answer:
        """Ask for the operation as it should be, as the positive control of a trial."""
        answer = self.succeed()
        works = success(self.stage.system, self.operation).fits(answer)
        trial.control(f"{self.operation.name} as it should be", answer, works=works)
        return answer

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in the path."""
        keys = (self.step.on, self.step.other)
        return tuple(self.scene.id_of(key) for key in keys if key is not None)

    @property
    def person(self) -> Person:
        """Who asks."""
        return self.scene.person(self.step.by)


def ready(stage: Stage, operation: Operation) -> Ready:
    """Bring about a situation in which an operation would succeed.

    Raises:
        Unavailable: If there is none, or the target does not let it come about.
    """
    plot = stage.shared(
        (_PLOT, operation.name), lambda: somebody_who_can(Planner(stage.system), operation)
    )
    played = play(stage, plot)
    return Ready(stage, played.scene, played.scene.chosen(played.step))


def first_of(system: System, kind: Kind, **wanted: Any) -> Operation | None:
    """Return the first operation of a kind about an entity with such attributes."""
    for operation in system.operations:
        entity = system.entity(operation.entity)
        if operation.kind is kind and all(getattr(entity, k) == v for k, v in wanted.items()):
            return operation
    return None
