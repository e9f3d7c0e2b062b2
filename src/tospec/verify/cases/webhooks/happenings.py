"""Bringing about what webhooks hear of, so that it can be told from what others bring about."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tospec.model import Event, Kind, Relation, System
from tospec.verify.base import Answer, Json, Stage, Unavailable
from tospec.verify.cases.integrations.triggers import Trigger, announcing
from tospec.verify.hooks.received import Inbox, Received
from tospec.verify.oracle.choices import BODY
from tospec.verify.oracle.contract import success, told
from tospec.verify.oracle.interpreter import Around, member_of
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.planning import Goal, Planner, Plot, done
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import PEOPLE, Prediction, Step
from tospec.verify.oracle.wire import to_json
from tospec.verify.oracle.world import Key, Row, Somebody, Undetermined
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.parts import play

ARRIVES: Final = 20.0
"""Seconds within which a delivery that has to come must be there."""
SETTLES: Final = 1.0
"""Seconds for which another one is awaited that must not come."""
_TELLING: Final = 6
"""Texts of so many letters that were chosen by chance do not come about twice."""


@dataclass(slots=True)
class Happening:
    """A request that is about to be sent, and announces an event about a row of its own."""

    trigger: Trigger
    scene: Scene
    step: Step
    before: tuple[Step, ...]

    @property
    def event(self) -> Event:
        """The event."""
        return self.trigger.event

    @property
    def about(self) -> Key:
        """The key of the row that the event is about."""
        return (self.step.makes if _makes(self.step) else self.step.on) or ""

    @property
    def id(self) -> str:
        """The id of that row; empty before it is made."""
        return self.scene.ids.get(self.about, "")

    def happen(self) -> Answer:
        """Send the request, which has to succeed.

        Raises:
            Unavailable: If it does not.
        """
        answer = self.scene.take(self.step)
        if not success(self.scene.system, self.step.operation).fits(answer):
            name = self.step.operation.name
            raise Unavailable(f"the way there is blocked: {name} gave {told(answer)}")
        return answer

    def tells(self, received: Received) -> bool:
        """Return whether a delivery tells of the event about the row."""
        about_it = bool(self.id) and received.data.get("id") == self.id
        return received.type == self.event.name and about_it

    def concerns(self, received: Received) -> bool:
        """Return whether a delivery tells of what only this request would bring about.

        That a row was made cannot be told by its id before; by the texts of its body it can.
        """
        known = {self.scene.ids.get(key, "") for key in self.scene.world.rows} - {""}
        known |= set(self._texts())
        values = [each for each in received.data.values() if isinstance(each, str)]
        return received.type == self.event.name and any(each in known for each in values)

    def _texts(self) -> Iterator[str]:
        if _makes(self.step):
            texts = (each for each in self.step.body.values() if isinstance(each, str))
            yield from (each for each in texts if len(each) >= _TELLING and not each.endswith("@0"))

    def earlier(self) -> int:
        """Return how many such events there must have been on the way, about the same row."""
        about_it = (each for each in self.before if self.about in (each.makes, each.on))
        return sum(_surely(self.scene.system, self.event, each) for each in about_it)

    def settle(self, inbox: Inbox) -> None:
        """Wait until an inbox has what was announced on the way."""
        inbox.wait(self.tells, self.earlier(), ARRIVES)
        while time.monotonic() - _last(inbox, self.concerns) < SETTLES:
            time.sleep(SETTLES / 4)

    def carried(self) -> dict[str, Json]:
        """Return what the event has to carry, as far as it is known."""
        row = self.scene.world.rows.get(self.about)
        return dict(self._values(row)) if row is not None else {}

    def names(self) -> frozenset[str]:
        """Return the names of what the event carries."""
        return frozenset(
            _name(self.scene.system, self.event, p.path, before=p.before)
            for p in self.event.payload
        )

    def _values(self, row: Row) -> Iterator[tuple[str, Json]]:
        around = Around(world=self.scene.world, row=row, principal=self.step.by)
        for item in self.event.payload:
            name = _name(self.scene.system, self.event, item.path, before=False)
            try:
                if not item.before:
                    yield name, self._spelled(row, item.path, around)
            except (Undetermined, Unavailable):
                continue

    def _spelled(self, row: Row, path: str, around: Around) -> Json:
        if path == "id":
            return self.id
        entity = self.scene.world.entity_of(row)
        if isinstance(entity.relation(path), Relation):
            if path not in row.refs:
                raise Undetermined(path)
            key = row.refs[path]
            return None if key is None else self.scene.spelled(key)
        return to_json(member_of(row, path, around))


def coming(
    planner: Planner,
    stage: Stage,
    trigger: Trigger,
    *,
    tenant: int = 0,
    wanted: Callable[[Prediction], bool] = done,
) -> Happening:
    """Bring about that an event is about to happen.

    Raises:
        Unavailable: If the target does not let it come about, or there is no such situation.
    """
    plot = _plot(planner, trigger, tenant, wanted)
    played = play(stage, plot)
    step = played.scene.chosen(played.step)
    return Happening(trigger, played.scene, step, plot.steps)


def triggers(system: System, event: Event) -> Iterator[Trigger]:
    """Yield what announces an event about one row, which can then be told from others."""
    if "id" in {item.path for item in event.payload} and event.each is None:
        yield from announcing(system, event)


def _plot(
    planner: Planner, trigger: Trigger, tenant: int, wanted: Callable[[Prediction], bool]
) -> Plot:
    operation = trigger.operation
    for role in roles_of(planner.system, operation):
        me = Somebody(role=role, tenant=tenant)
        fixed = _fixed(planner.system, trigger, me)
        plot = planner.find(Goal(operation=operation, me=me, wanted=wanted, fixed=fixed))
        if plot is not None:
            return plot
    raise Unavailable(f"no situation was found in which {operation.name} comes to this end")


def _fixed(system: System, trigger: Trigger, me: Somebody) -> dict[Place, object]:
    """Return what must be so that what the event waits for changes."""
    name = (trigger.emission.changed if trigger.emission else None) or ""
    relation = system.entity(trigger.event.of).relation(name)
    if relation is None or relation.to != PEOPLE:
        return {}
    somebody = Somebody(role=me.role, number=1, tenant=me.tenant)
    if trigger.operation.kind is Kind.UPDATE:
        return {(BODY, name): somebody, (name,): None if relation.optional else me}
    return {(name,): somebody}


def _makes(step: Step) -> bool:
    return step.operation.kind is Kind.CREATE


def _surely(system: System, event: Event, step: Step) -> bool:
    """Return whether a step announces an event whatever it changes."""
    found = (each for each in announcing(system, event) if each.operation == step.operation)
    return any(each.emission is None or not each.emission.changed for each in found)


def _last(inbox: Inbox, fits: Callable[[Received], bool]) -> float:
    return max((each.at for each in inbox.those(fits)), default=0.0)


def _name(system: System, event: Event, path: str, *, before: bool) -> str:
    relation = system.entity(event.of).relation(path)
    name = relation_name(relation) if relation is not None else path
    return f"before_{name}" if before else name
