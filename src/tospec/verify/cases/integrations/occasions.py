"""Bringing about events that start a job: who they are about, and what must be sent of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tospec.model import Job, Kind, Operation, System
from tospec.verify.base import NOTHING, Answer, Json, Person, Stage, Unavailable
from tospec.verify.cases.integrations.patterns import Sent, sent_of
from tospec.verify.cases.integrations.triggers import INVITING, Trigger, people_told_of
from tospec.verify.oracle.choices import BODY
from tospec.verify.oracle.contract import success, told
from tospec.verify.oracle.interpreter import Around, member_of
from tospec.verify.oracle.planning import Plot, done
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import Prediction, Step
from tospec.verify.oracle.world import Row, Undetermined
from tospec.verify.probes.accounts import new_email
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.parts import Planner, Somebody, play, somebody_who_can
from tospec.verify.stubs.called import Stub

_ME: Final = "GetMe"

type Facts = dict[str, object]
"""What an event carries, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A request that is about to be sent, and will announce an event.

    Attributes:
        people: Who was made for it, by the member of the event.
        facts: What is known beforehand of what the event will carry.
        mark: What the stub was asked before is no matter.
    """

    scene: Scene
    job: Job
    trigger: Trigger
    step: Step
    people: Mapping[str, Somebody]
    facts: Facts
    mark: int

    def shape(self) -> Sent:
        """Return what must be sent, as far as that is known before."""
        return self._sent(self.facts)

    def happen(self, headers: Mapping[str, str] | None = None) -> "Happened":
        """Send the request, which has to succeed.

        Raises:
            Unavailable: If it does not.
        """
        answer = self.send(headers=headers)
        if not success(self.scene.system, self.step.operation).fits(answer):
            name = self.step.operation.name
            raise Unavailable(f"the way there is blocked: {name} gave {told(answer)}")
        facts = {**self._carried(answer), **self.facts}
        return Happened(occasion=self, answer=answer, facts=facts, sent=self._sent(facts))

    def send(
        self,
        *,
        body: Json = NOTHING,
        by: Somebody | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send the request, in another way than planned where that is said."""
        step = self.step.taken_by(by) if by else self.step
        return self.scene.take(step, body=self.body() if body is NOTHING else body, headers=headers)

    def body(self) -> Json:
        """Return the body that is planned."""
        if self.step.operation.name == INVITING:
            return dict(self.step.body)
        return self.scene.body(self.step)

    def _sent(self, facts: Facts) -> Sent:
        fresh = [*self.people, *([] if self.people else self.facts)]
        return sent_of(self.job, facts, self.scene.world, self._spell, fresh)

    def _spell(self, text: str) -> str:
        return self.scene.ids.get(text, text)

    def _carried(self, answer: Answer) -> Facts:
        key = self.step.makes if self.step.operation.kind is Kind.CREATE else self.step.on
        row = self.scene.world.rows.get(key or "")
        if row is None:
            shown = answer.json if isinstance(answer.json, dict) else {}
            named = [item.path for item in self.trigger.event.payload if not item.before]
            return {name: shown[name] for name in named if name in shown}
        return dict(_members(self.scene, self.trigger, row, self.step.by))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event that was announced, and what must be sent of it."""

    occasion: Occasion
    answer: Answer
    facts: Facts
    sent: Sent


@dataclass(frozen=True, slots=True)
class Occasions:
    """Occasions of one job on a stage.

    Attributes:
        choices: What has to be so at every occasion, whatever else is.
    """

    planner: Planner
    stage: Stage
    stub: Stub
    job: Job
    choices: Mapping[Place, object] = field(default_factory=dict)

    def of(
        self,
        trigger: Trigger,
        *,
        people: Mapping[str, Somebody] | None = None,
        wanted: Callable[[Prediction], bool] = done,
    ) -> Occasion:
        """Return an occasion on which an event is about to be announced.

        Args:
            trigger: By what.
            people: Whom it is to be about; somebody new if that is not said.
            wanted: What is to become of the request.

        Raises:
            Unavailable: If the target gives no such people, or there is no such situation.
        """
        if trigger.operation.name == INVITING:
            return self._invitation(trigger)
        about = dict(people) if people is not None else self.new_people(trigger)
        scene, step, about = self._played(trigger, about, wanted)
        facts: Facts = {name: person_facts(scene, who) for name, who in about.items()}
        step = _mentioning(trigger, step, facts)
        return Occasion(
            scene=scene,
            job=self.job,
            trigger=trigger,
            step=step,
            people=about,
            facts=facts,
            mark=self.stub.mark,
        )

    def new_people(self, trigger: Trigger) -> dict[str, Somebody]:
        """Return somebody new for each member of the event of whom something is sent."""
        names = people_told_of(self.stage.system, self.job, trigger)
        entity = self.stage.system.entity(trigger.event.of)
        own = [n for n in names if (r := entity.relation(n)) and r.generated_by_principal]
        chosen = {place[-1] for place in self.choices}
        return {name: self._somebody_new() for name in names if name not in {*own, *chosen}}

    def _somebody_new(self) -> Somebody:
        role = self.stage.system.roles[0]
        person = self.stage.fresh_person(role)
        return Somebody(role=role, number=person.number)

    def _played(
        self,
        trigger: Trigger,
        about: dict[str, Somebody],
        wanted: Callable[[Prediction], bool],
    ) -> tuple[Scene, Step, dict[str, Somebody]]:
        relations = {n: w for n, w in about.items() if n != trigger.event.each}
        fixed = {place_of(trigger, name): who for name, who in relations.items()}
        try:
            plot = self._plot(trigger, fixed, wanted)
        except Unavailable:
            if not relations:
                raise
            # Somebody whom the situation itself chooses will do.
            plot = self._plot(trigger, {}, wanted)
            about = {n: w for n, w in about.items() if n not in relations}
        played = play(self.stage, plot)
        for who in about.values():
            played.scene.person(who)
        return played.scene, played.scene.chosen(played.step), about

    def _plot(
        self,
        trigger: Trigger,
        people: Mapping[Place, object],
        wanted: Callable[[Prediction], bool],
    ) -> Plot:
        fixed = {**people, **self.choices}
        return somebody_who_can(self.planner, trigger.operation, wanted, fixed=fixed)

    def _invitation(self, trigger: Trigger) -> Occasion:
        system, scene = self.stage.system, Scene(self.stage)
        by = Somebody(role=roles_of(system, trigger.operation)[0])
        body: Facts = {"email": new_email(), "role": system.roles[-1]}
        return Occasion(
            scene=scene,
            job=self.job,
            trigger=trigger,
            step=Step(operation=trigger.operation, by=by, body=body),
            people={},
            facts={"email": body["email"]},
            mark=self.stub.mark,
        )


def person_facts(scene: Scene, who: Somebody) -> Mapping[str, object]:
    """Return what a target tells of somebody: id, address, name and whatever else.

    Raises:
        Unavailable: If it tells nothing.
    """
    person = scene.person(who)
    told_: Mapping[str, object] = scene.stage.shared(
        ("person-facts", person.name), lambda: _asked(scene.stage, person)
    )
    return told_


def _asked(stage: Stage, person: Person) -> Mapping[str, object]:
    for operation in _operations(stage.system, _ME):
        shown = stage.send(person, operation.method, operation.path).json
        inner = shown.get("user", shown) if isinstance(shown, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get("email"), str):
            return {**inner, "id": person.user_id, "role": person.role}
    account = stage.account(person)
    return {"id": person.user_id, "email": account["email"], "role": person.role}


def _operations(system: System, name: str) -> Iterator[Operation]:
    return (each for each in system.operations if each.name == name)


def place_of(trigger: Trigger, name: str) -> Place:
    """Return where somebody is chosen: in what is sent, or in the row as it is made."""
    updates = trigger.operation.kind is Kind.UPDATE
    return (BODY, name) if updates and _is_changed(trigger, name) else (name,)


def _is_changed(trigger: Trigger, name: str) -> bool:
    return trigger.emission is not None and trigger.emission.changed == name


def _mentioning(trigger: Trigger, step: Step, facts: Facts) -> Step:
    who = facts.get(trigger.event.each or "")
    if not trigger.mentions or not isinstance(who, Mapping):
        return step
    handle = who.get("handle")
    if not isinstance(handle, str):
        raise Unavailable("the target does not tell by what people are mentioned")
    return replace(step, body={**step.body, trigger.mentions: f"Please look at this, @{handle}."})


def _members(
    scene: Scene, trigger: Trigger, row: Row, by: Somebody
) -> Iterator[tuple[str, object]]:
    around = Around(world=scene.world, row=row, principal=by)
    for item in trigger.event.payload:
        try:
            found = member_of(row, item.path, around)
        except Undetermined:
            continue
        if not item.before and isinstance(found, Somebody):
            yield item.path, person_facts(scene, found)
        elif not item.before:
            yield item.path, found
