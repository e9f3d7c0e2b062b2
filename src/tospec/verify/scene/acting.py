"""Taking the steps of a plot on a stage."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from tospec.model import Entity, Kind, Operation, System
from tospec.verify.base import NOTHING, Answer, Json, Person, Request, Stage, Unavailable
from tospec.verify.oracle import effects
from tospec.verify.oracle.contract import code_of, success, told
from tospec.verify.oracle.files import as_upload
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.planning import new_world
from tospec.verify.oracle.predicting import predict
from tospec.verify.oracle.steps import FRESH, PEOPLE, Prediction, Step
from tospec.verify.oracle.values import ordinary
from tospec.verify.oracle.wire import to_json
from tospec.verify.oracle.world import Key, Somebody, World
from tospec.verify.scene.learning import learned

_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_COLLISIONS: Final = 4
_CONFLICT: Final = 409

type Query = Mapping[str, str] | Sequence[tuple[str, str]]


class Scene:
    """Where one case acts: a stage, and what is known to exist there.

    Attributes:
        world: Everything that this case made, with the values that answers told.
        ids: What the target calls what keys stand for.
        tags: Entity tags of rows, as last told.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.system: System = stage.system
        self.world: World = new_world(stage.system)
        self.ids: dict[Key, str] = {}
        self.tags: dict[Key, str] = {}
        self.resolved: dict[Key, Step] = {}

    def person(self, who: Somebody) -> Person:
        """Return somebody who can sign in.

        Raises:
            Unavailable: If the target has no such person.
        """
        person = self.stage.person(who.role, tenant=who.tenant, number=who.number)
        if person.user_id is not None:
            self.ids[who.key] = person.user_id
        self.world = self.world.with_person(who)
        return person

    def id_of(self, key: Key) -> str:
        """Return what the target calls a row or a person.

        Raises:
            Unavailable: If the target did not tell.
        """
        if key not in self.ids:
            for who in self._somebody(key):
                self.person(who)
        if key not in self.ids:
            raise Unavailable(f"the target does not tell the id of {key}")
        return self.ids[key]

    def _somebody(self, key: Key) -> Iterable[Somebody]:
        role, _, rest = key.rpartition("-")
        number, _, tenant = rest.partition("@")
        if role in self.system.roles and number.isdigit() and tenant.isdigit():
            yield Somebody(role=role, number=int(number), tenant=int(tenant))

    def play(self, steps: Iterable[Step]) -> None:
        """Take steps that have to succeed.

        Raises:
            Unavailable: If one does not.
        """
        for step in steps:
            answer = self.take(step)
            if not success(self.system, step.operation).fits(answer):
                message = f"the way there is blocked: {step.operation.name} gave {told(answer)}"
                raise Unavailable(message)

    def predict(self, step: Step) -> Prediction:
        """Return what must become of a step now.

        Raises:
            Undetermined: If that depends on something unknown.
        """
        return predict(replace(self.world, now=datetime.now(UTC)), step)

    def take(self, step: Step, **changes: Any) -> Answer:
        """Take a step, whatever becomes of it; learn from an answer that says it succeeded.

        Args:
            step: What to do.
            changes: `headers`, `body` or `query` that differ from what the step calls for.
        """
        for _ in range(_COLLISIONS):
            chosen = self.chosen(step)
            answer = self.send(self.request(chosen, **changes))
            if answer.status != _CONFLICT or FRESH not in step.body.values():
                break
            # Values that were chosen by chance may be taken; others may not.
            if code_of(answer) not in {"", "conflict-unique"}:
                break
        self.learn(chosen, answer)
        return answer

    def send(self, request: Request) -> Answer:
        """Send a request; nothing is learned from the answer."""
        return self.stage.send(
            request.person,
            request.method,
            request.path,
            query=request.query,
            headers=request.headers,
            body=request.body,
        )

    def learn(self, step: Step, answer: Answer) -> None:
        """Note what a successful step changed."""
        if not success(self.system, step.operation).fits(answer):
            return
        if step.operation.kind is Kind.DELETE and step.on is not None:
            self.world = effects.removed(self.world, step.on) or self.world
            return
        self.world = effects.applied(self.world, step)
        key = step.makes if step.operation.kind is Kind.CREATE else step.on
        if key is not None:
            self._note(key, step, answer)

    def _note(self, key: Key, step: Step, answer: Answer) -> None:
        if isinstance(answer.json, dict) and isinstance(answer.json.get("id"), str):
            if step.operation.kind is Kind.CREATE:
                self.ids[key] = answer.json["id"]
            row = self.world.rows.get(key)
            if row is not None and row.entity == step.operation.entity:
                found = learned(self.world, row, step.operation, answer.json, self.key_of)
                self.world = self.world.with_row(found)
        if step.operation.kind.is_query and step.operation.kind is not Kind.READ:
            return
        self.tags.pop(key, None)
        if "etag" in answer.headers:
            self.tags[key] = answer.headers["etag"]

    def key_of(self, id_: str) -> Key | None:
        """Return the key of what the target calls so; None when it is not known."""
        return next((key for key, known in self.ids.items() if known == id_), None)

    def chosen(self, step: Step) -> Step:
        """Return a step with a value for everything that was left to be chosen."""
        entity = self.system.entity(step.operation.entity)
        fields = {each.name: each for each in (*entity.fields, *step.operation.input)}
        body = {
            name: ordinary(entity, fields[name], self.stage.random) if value is FRESH else value
            for name, value in step.body.items()
        }
        return replace(step, body=body)

    def request(
        self,
        step: Step,
        *,
        body: Json | bytes = NOTHING,
        headers: Mapping[str, str] | None = None,
        query: Query = (),
        ids: tuple[str, ...] | None = None,
    ) -> Request:
        """Return the request that a step without `FRESH` values stands for.

        Args:
            step: What to do.
            body: Sent instead of what the step says.
            headers: Sent instead of the condition that the operation needs.
            query: Parameters.
            ids: Stand in the path instead of those of the step.
        """
        person = self.person(step.by)
        request = Request(
            method=step.operation.method,
            path=self._path(step, ids),
            query=tuple(query.items()) if isinstance(query, Mapping) else tuple(query),
            headers=tuple((self.condition(step) if headers is None else headers).items()),
            body=self.body(step) if body is NOTHING else body,
            person=person,
        )
        if step.operation.upload:
            return as_upload(request, self.system.entity(step.operation.entity))
        return request

    def _path(self, step: Step, ids: tuple[str, ...] | None) -> str:
        keys = [key for key in (step.on, step.other) if key is not None]
        found = list(ids) if ids is not None else [self.id_of(key) for key in keys]
        wanted = len(_PARAMETER.findall(step.operation.path))
        if len(found) < wanted:
            message = f"nothing is known to stand in the path {step.operation.path}"
            raise Unavailable(message)
        following = iter(found)
        return _PARAMETER.sub(lambda _: next(following), step.operation.path)

    def body(self, step: Step) -> Json:
        """Return the body that a step stands for; `NOTHING` when the operation reads none."""
        entity = self.system.entity(step.operation.entity)
        if step.operation.kind in {Kind.CREATE, Kind.UPDATE}:
            return {self._name(entity, n): self._value(entity, n, v) for n, v in step.body.items()}
        if not step.operation.input and not step.body:
            return NOTHING
        return {name: to_json(value) for name, value in step.body.items()}

    def _name(self, entity: Entity, name: str) -> str:
        relation = entity.relation(name)
        return name if relation is None else relation_name(relation)

    def _value(self, entity: Entity, name: str, value: object) -> Json:
        if entity.relation(name) is None or value is None:
            return to_json(value)
        if isinstance(value, tuple):
            return [self.spelled(key) for key in value]
        return self.spelled(value)

    def spelled(self, key: object) -> str:
        """Return the id for a key; an id stays as it is."""
        return str(key) if is_id(key) else self.id_of(str(key))

    def condition(self, step: Step) -> dict[str, str]:
        """Return the header that an operation on a row with versions needs."""
        entity = self.system.entity(step.operation.entity)
        needs = step.operation.kind is Kind.UPDATE and entity.optimistic and step.on is not None
        if not needs or step.on is None:
            return {}
        tag = self.tags.get(step.on) or self.tag(step.on, step.by)
        return {"If-Match": tag} if tag else {}

    def tag(self, key: Key, by: Somebody) -> str:
        """Return the entity tag that a row has now; empty when nobody is told."""
        answer = self.read(key, by)
        return answer.headers.get("etag", "") if answer is not None else ""

    def read(self, key: Key, by: Somebody) -> Answer | None:
        """Read a row as somebody; None when there is no such row or operation."""
        row = self.world.rows.get(key)
        operation = reading(self.system, row.entity) if row is not None else None
        if operation is None:
            return None
        return self.take(Step(operation=operation, by=by, on=key))


def reading(system: System, entity: str) -> Operation | None:
    """Return the operation that reads one row."""
    found = (each for each in system.operations_of(entity) if each.kind is Kind.READ)
    return next(found, None)


def is_id(key: object) -> bool:
    """Return whether a text is an id of the target, not a key."""
    try:
        UUID(str(key))
    except ValueError:
        return False
    return True


__all__ = ["PEOPLE", "Scene", "is_id", "reading"]
