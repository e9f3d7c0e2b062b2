"""Creations that are sent with an `Idempotency-Key`."""

from dataclasses import dataclass
from typing import Final

from tospec.verify.base import NOTHING, Answer, Json, Stage
from tospec.verify.oracle.contract import REST, Expected, success, told
from tospec.verify.oracle.planning import Plot
from tospec.verify.oracle.steps import Step
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.parts import play
from tospec.verify.scene.trials import Trial, control, hold

_REPEATED: Final = ("content-type", "location", "etag")


@dataclass(frozen=True, slots=True)
class Keyed:
    """A creation that is about to be sent, each time with the same body.

    Attributes:
        plan: The creation with values that are still to be chosen.
    """

    scene: Scene
    plan: Step
    step: Step
    key: str

    @classmethod
    def ready(cls, stage: Stage, plot: Plot) -> "Keyed":
        """Bring about a situation in which the creation succeeds."""
        scene = play(stage, plot).scene
        key = f"tospec-{stage.random.getrandbits(96):024x}"
        return cls(scene, plot.step, scene.chosen(plot.step), key)

    @property
    def wanted(self) -> Expected:
        """The answer to a creation that succeeds."""
        return success(self.scene.system, self.step.operation)

    def send(self, key: str | None = None, *, body: Json = NOTHING) -> Answer:
        """Send the creation, by default with its own key and body."""
        headers = {"Idempotency-Key": self.key if key is None else key}
        return self.scene.take(self.step, headers=headers, body=body)

    def first(self, trial: Trial) -> Answer:
        """Send the creation for the first time: the positive control."""
        answer = self.send()
        control(trial, "the first time", answer, self.wanted)
        return answer

    def repeated(self, trial: Trial, what: str, first: Answer, again: Answer) -> None:
        """Note whether an answer is the first one, given again."""
        same = (first.status, first.body) == (again.status, again.body)
        same = same and all(first.headers.get(h) == again.headers.get(h) for h in _REPEATED)
        trial.need(what, holds=same, got=f"another answer: {told(again)}")
        if self.scene.system.has(REST):
            trial.need(f"Idempotent-Replayed, {what}", holds=is_replayed(again), got="missing")

    def made(self, trial: Trial, what: str, answer: Answer) -> None:
        """Note whether the creation was carried out, and no answer given again."""
        if hold(trial, what, answer, self.wanted):
            holds = not is_replayed(answer)
            trial.need(f"{what}, a row", holds=holds, got="an answer given again")


def is_replayed(answer: Answer) -> bool:
    """Return whether an answer says that it was given before."""
    return answer.headers.get("idempotent-replayed") == "true"
