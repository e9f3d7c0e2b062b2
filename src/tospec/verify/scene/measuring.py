"""Asking again and again for what is measured of a row, while rows change."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tospec.model import Computed
from tospec.model.measures import measures_of
from tospec.verify.base import Json, Unavailable
from tospec.verify.oracle.interpreter import Around, value_of
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.wire import from_json, type_of
from tospec.verify.oracle.world import Undetermined
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.listing import OK
from tospec.verify.scene.trials import Trial


@dataclass(slots=True)
class Watch:
    """What is measured of one row.

    Attributes:
        step: Asks for it.
        last: What the measures had to be when they were last asked for.
        turns: How often one of them had to be another than before.
    """

    scene: Scene
    step: Step
    trial: Trial
    last: dict[str, object] = field(default_factory=dict)
    turns: int = 0

    def compare(self, when: str) -> None:
        """Hold what is measured now against what the rows say.

        Raises:
            Unavailable: If the target does not tell.
        """
        answer = self.scene.take(self.step)
        if answer.status != OK or not isinstance(answer.json, dict):
            raise Unavailable(f"the measures could not be read: {answer.status}")
        known = {}
        for measure in measures_of(self.scene.system, self.step.operation):
            try:
                wanted = self._wanted(measure)
            except Undetermined:
                continue
            told = answer.json.get(measure.name)
            holds = _meant(measure, told) == wanted
            self.trial.need(f"{measure.name} {when}: {wanted!r}", holds=holds, got=repr(told))
            known[measure.name] = wanted
        self.turns += bool(self.last) and known != self.last
        self.last = known

    def _wanted(self, measure: Computed) -> object:
        world = replace(self.scene.world, now=datetime.now(UTC))
        row = world.rows[self.step.on or ""]
        return value_of(measure.value.tree.root, Around(world=world, row=row))


def _meant(measure: Computed, told: Json) -> object:
    try:
        return from_json(type_of(measure.value.tree.type), told)
    except Undetermined:
        return told
