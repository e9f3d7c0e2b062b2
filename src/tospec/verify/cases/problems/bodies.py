"""Refusals of a body, and of the state that it meets: each needs an object."""

from collections.abc import Iterator

from tospec.model import FieldType, Kind, Operation, System
from tospec.verify.base import Answer, Json, Judgement, PlannedCase, Stage
from tospec.verify.cases.problems.inspection import (
    CANARY,
    NAME,
    REFERENCE,
    describe,
    document,
    inspect,
)
from tospec.verify.probes.judging import CONTRACT, Trial
from tospec.verify.probes.problem import plain
from tospec.verify.probes.ready import first_of, ready
from tospec.verify.probes.routes import random_id
from tospec.verify.probes.topics import about


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases of each operation with a body, and of the conditions of one."""
    for operation in system.operations:
        if operation.kind in {Kind.CREATE, Kind.UPDATE} and not operation.upload:
            yield _validation(operation)
    yield from _conditions(system)


def _validation(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        scene = ready(stage, operation)
        trial = Trial("422 validation-error that names every fault, the same each time")
        body = _spoiled(stage.system, operation, scene.body)
        first, second = scene.send(body=body), scene.send(body=body)
        inspect(stage, trial, first, 422, "validation-error")
        if stage.system.has(CONTRACT):
            _inspect_errors(trial, first, _spoilable(stage.system, operation))
        trial.need("again", holds=plain(first) == plain(second), got="another answer")
        scene.control(trial)
        return trial.judgement()

    rule = "All faults of a body are told at once, by place, without the values that were sent."
    return about(NAME, operation).case("validation-error", rule, run, reference=REFERENCE, cost=7)


def _spoilable(system: System, operation: Operation) -> tuple[str, ...]:
    entity = system.entity(operation.entity)
    sent = (
        each
        for each in entity.fields
        if (each.changeable if operation.kind is Kind.UPDATE else each.writable)
    )
    # A field of type JSON takes any value.
    return tuple(
        each.name
        for each in sent
        if each.name != entity.state_field and each.type is not FieldType.JSON
    )


def _spoiled(system: System, operation: Operation, body: Json) -> Json:
    """Return a body in which every field has a value of no type, and one is not known."""
    wrong = {name: {CANARY: [CANARY]} for name in _spoilable(system, operation)}
    return {**(body if isinstance(body, dict) else {}), **wrong, CANARY: CANARY}


def _inspect_errors(trial: Trial, answer: Answer, names: tuple[str, ...]) -> None:
    errors = answer.json.get("errors") if isinstance(answer.json, dict) else None
    if not isinstance(errors, list) or not all(isinstance(each, dict) for each in errors):
        trial.found("errors", "there is no list of faults")
        return
    for name in ("pointer", "code", "detail"):
        whole = all(isinstance(each.get(name), str) for each in errors)
        trial.need(f"errors[].{name}", holds=whole, got="missing")
    pointers = [str(each.get("pointer")) for each in errors]
    missing = [name for name in names if not any(_is_at(name, each) for each in pointers)]
    trial.need("all faults", holds=not missing, got=f"nothing about {', '.join(missing)}")
    trial.need("order", holds=pointers == sorted(pointers), got=", ".join(pointers))
    trial.need("the unknown member", holds="#" in pointers, got=", ".join(pointers))


def _is_at(name: str, pointer: str) -> bool:
    return pointer == f"#/{name}" or pointer.startswith(f"#/{name}/")


def _conditions(system: System) -> Iterator[PlannedCase]:
    update = first_of(system, Kind.UPDATE, optimistic=True)
    if update is not None and system.has(CONTRACT):
        stale = {"If-Match": f'"{CANARY}"'}
        yield _condition(update, "precondition-failed", 412, stale)
        yield _condition(update, "precondition-required", 428, None)
    for operation in system.operations:
        if operation.kind is Kind.TRANSITION and system.has(CONTRACT):
            yield _repeated(operation)
            break
    for operation in system.operations:
        if operation.kind is Kind.CREATE and _required_relation(system, operation):
            yield _dangling(operation)


def _condition(
    operation: Operation, code: str, status: int, headers: dict[str, str] | None
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        scene = ready(stage, operation)
        trial = Trial(document(status, code))
        request = scene.scene.request(scene.step, headers=headers or {})
        answer = stage.send(
            request.person,
            request.method,
            request.path,
            headers=request.headers,
            body=request.body,
        )
        inspect(stage, trial, answer, status, code)
        describe(stage, trial, code, answer)
        scene.control(trial)
        return trial.judgement()

    rule = f"A refusal is a problem document, and tells nothing of the inside ({code})."
    return about(NAME, operation).case(code, rule, run, reference=REFERENCE, cost=5)


def _repeated(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        scene = ready(stage, operation)
        trial = Trial(document(409, "invalid-transition"))
        scene.control(trial)
        answer = scene.send()
        inspect(stage, trial, answer, 409, "invalid-transition")
        describe(stage, trial, "invalid-transition", answer)
        return trial.judgement()

    rule = "A refusal is a problem document, and tells nothing of the inside (invalid-transition)."
    return about(NAME, operation).case("invalid-transition", rule, run, reference=REFERENCE, cost=6)


def _required_relation(system: System, operation: Operation) -> str:
    """Return the wire name of a relation to one that a creation sends; empty if there is none."""
    entity = system.entity(operation.entity)
    sent = (each for each in entity.relations if each.writable and not each.many)
    return next((f"{each.name}_id" for each in sent if each.name != entity.under), "")


def _dangling(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        scene = ready(stage, operation)
        trial = Trial(document(422, "invalid-reference"))
        name = _required_relation(stage.system, operation)
        answer = scene.send(body={**scene.body, name: random_id(stage.random)})
        inspect(stage, trial, answer, 422, "invalid-reference")
        if stage.system.has(CONTRACT):
            errors = answer.json.get("errors", []) if isinstance(answer.json, dict) else []
            at = [each.get("pointer") for each in errors if isinstance(each, dict)]
            trial.need("place", holds=f"#/{name}" in at, got=str(at))
        scene.control(trial)
        return trial.judgement()

    rule = "A reference to nothing is refused by a problem document that says where it stands."
    return about(NAME, operation).case("invalid-reference", rule, run, reference=REFERENCE, cost=5)
