"""A walk: operations on the rows of one entity, one after another, each held against the model."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tospec.model import Entity, Kind
from tospec.verify.base import Answer, Stage
from tospec.verify.cases.stateful.choosing import Chooser, foretold
from tospec.verify.oracle.contract import expected, told
from tospec.verify.oracle.planning import Plot
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import (
    Prediction,
    Step,
)
from tospec.verify.oracle.world import Key, Somebody, World
from tospec.verify.scene.acting import Scene, reading
from tospec.verify.scene.agreement import disagreements

_NO_TAG: Final = {"If-Match": '"0"'}
_PAGE: Final = "200"


@dataclass(slots=True)
class Tally:
    """How much was walked.

    Attributes:
        asked: Operations asked for.
        unknown: Those about which the model could not tell enough.
        done: Those that had to succeed, and did.
        last: The last answer to one of these.
        situations: How often it was asked for what, by whom, in which state.
    """

    walks: int = 0
    asked: int = 0
    unknown: int = 0
    done: int = 0
    last: Answer | None = None
    situations: Counter[tuple[str, ...]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Story:
    """Where a walk went, and what went wrong at its last step; empty if nothing did."""

    steps: tuple[Step, ...]
    fault: str

    @property
    def told(self) -> str:
        """The story in words."""
        way = " → ".join(f"{each.operation.name} by {each.by.role}" for each in self.steps)
        return f"{way}: {self.fault}"


class Walk:
    """Rows of an entity on a scene of their own.

    Args:
        stage: Where it happens.
        entity: Whose rows they are.
        plot: How a row is made.
        tally: Where to count.
    """

    def __init__(self, stage: Stage, entity: Entity, plot: Plot, tally: Tally) -> None:
        self._scene = Scene(stage)
        self._entity = entity
        self._plot = plot
        self._tally = tally
        self._rows: list[Key] = []
        self._reading = reading(stage.system, entity.name)
        others = (Somebody(role=role) for role in stage.system.roles)
        self._actors = tuple(dict.fromkeys((plot.step.by, *others)))
        self._chooser = Chooser(
            self._scene, entity, plot, self._actors, self._rows, tally.situations
        )

    def explore(self, random: Random, length: int) -> Story:
        """Take steps chosen by chance until one goes wrong.

        Raises:
            Unavailable: If the target does not let the first row be made.
        """
        self._begin()
        steps: list[Step] = []
        for _ in range(length):
            step = self._chooser.chosen(random)
            if step is None:
                continue
            steps.append(step)
            fault = self._judge(step)
            if fault:
                return Story(tuple(steps), fault)
        return Story(tuple(steps), "")

    def retrace(self, steps: tuple[Step, ...]) -> Story:
        """Take known steps, apart from those on rows that are not there, until one goes wrong.

        Raises:
            Unavailable: If the target does not let the first row be made.
        """
        self._begin()
        for index, step in enumerate(steps):
            if self._knows(step) and (fault := self._judge(step)):
                return Story(steps[: index + 1], fault)
        return Story(steps, "")

    def _begin(self) -> None:
        self._tally.walks += 1
        self._scene.play(self._plot.steps)
        self._scene.play([self._plot.step])
        self._rows.append(self._plot.step.makes or "")
        for actor in self._actors:
            self._scene.person(actor)

    def _knows(self, step: Step) -> bool:
        keys = [key for key in (step.on, step.other) if key is not None]
        for value in step.body.values():
            keys += [each for each in _listed(value) if each.startswith("#")]
        return all(key in self._scene.ids for key in keys)

    def _judge(self, step: Step) -> str:
        """Take a step; return what is not as the model says."""
        scene = self._scene
        chosen = scene.chosen(step)
        prediction = foretold(scene, chosen)
        self._tally.asked += 1
        answer = self._answer(chosen, prediction)
        if prediction is None:
            self._tally.unknown += 1
            return "" if 0 < answer.status < 500 else told(answer)
        if _is_taken(answer, prediction):
            return ""
        wanted = expected(scene.system, step.operation, prediction)
        if not wanted.fits(answer):
            return f"expected {wanted}, got {told(answer)}"
        return self._compare(chosen, prediction, answer)

    def _answer(self, step: Step, prediction: Prediction | None) -> Answer:
        gone = step.on is not None and step.on not in self._scene.world.rows
        needs_tag = step.operation.kind is Kind.UPDATE and self._entity.optimistic
        if step.operation.kind is Kind.LIST:
            return self._scene.take(step, query={"limit": _PAGE, **self._newest(step)})
        if gone and needs_tag:
            return self._scene.take(step, headers=_NO_TAG)
        return self._scene.take(step)

    def _newest(self, step: Step) -> dict[str, str]:
        is_sortable = "created_at" in self._entity.listing.sort
        return {"sort": "-created_at"} if is_sortable else {}

    def _compare(self, step: Step, prediction: Prediction, answer: Answer) -> str:
        """Return in what an answer, or the row after a refusal, differs from the model."""
        if prediction.done:
            self._tally.done += 1
            self._tally.last = answer
            if step.operation.kind is Kind.LIST:
                return "; ".join(self._unlike(step, answer))
            key = step.makes if step.operation.kind is Kind.CREATE else step.on
            if step.operation.kind is Kind.CREATE and key is not None:
                self._rows.append(key)
            return self._differs(step, key, prediction.world, answer)
        return self._unchanged(step)

    def _differs(self, step: Step, key: Key | None, world: World, answer: Answer) -> str:
        row = world.rows.get(key or "")
        if row is None or row.entity != self._entity.name:
            return ""
        found = disagreements(self._scene, row, step.operation, answer.json, step)
        return ", ".join(found)

    def _unchanged(self, step: Step) -> str:
        """Return in what a row differs from what it was before a refusal."""
        row = self._scene.world.rows.get(step.on or "")
        if row is None or self._reading is None or step.operation.kind is Kind.READ:
            return ""
        for actor in self._actors:
            read = Step(operation=self._reading, by=actor, on=row.key)
            prediction = foretold(self._scene, read)
            if prediction is not None and prediction.done:
                answer = self._scene.take(read)
                fault = self._differs(read, row.key, self._scene.world, answer)
                return f"was refused, and yet {fault}" if fault else ""
        return ""

    def _unlike(self, step: Step, answer: Answer) -> Iterator[str]:
        """Yield the rows that a list should not, or should, have shown."""
        if step.operation.where is not None or not isinstance(answer.json, dict):
            return
        items = answer.json.get("items")
        shown = {each.get("id") for each in items or () if isinstance(each, dict)}
        whole = answer.json.get("next") is None
        for key in self._rows:
            id_ = self._scene.ids.get(key)
            seen = self._sees(step, key)
            if seen is False and id_ in shown:
                yield f"the list shows {key}"
            if seen and id_ not in shown and whole:
                yield f"the list leaves out {key}"

    def _sees(self, step: Step, key: Key) -> bool | None:
        if key not in self._scene.world.rows:
            return False
        if self._reading is None or step.by.role not in roles_of(self._scene.system, self._reading):
            return None
        read = Step(operation=self._reading, by=step.by, on=key)
        prediction = foretold(self._scene, read)
        return None if prediction is None else prediction.done


def _listed(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, tuple) else (value,)
    return tuple(each for each in values if isinstance(each, str))


def _is_taken(answer: Answer, prediction: Prediction) -> bool:
    """Whether a value that was chosen by chance is taken, which the model cannot know."""
    return prediction.done and answer.status == 409 and told(answer).endswith("conflict-unique")
