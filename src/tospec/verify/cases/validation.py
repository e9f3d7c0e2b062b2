"""Every constraint at its edges: what fits is taken, what does not is refused at its place."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Final

from tospec.model import Entity, Field, FieldType, Kind, Operation, Relation, System
from tospec.verify.base import NOTHING, Answer, Json, Judgement, PlannedCase, Stage
from tospec.verify.cases.clearing import clears, keeps
from tospec.verify.oracle.contract import REST, Expected, code_of, expected, refusal, told
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.planning import Plot
from tospec.verify.oracle.steps import Situation, is_required, sent_fields, sent_relations
from tospec.verify.oracle.values import Bad, beyond, edges
from tospec.verify.oracle.wire import to_json
from tospec.verify.oracle.world import Undetermined
from tospec.verify.scene.agreement import disagreements
from tospec.verify.scene.changing import altered
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Topic,
    Trial,
    about,
    about_member,
    control,
    hold,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "validation"
_CONFLICT: Final = "conflict-unique"
_NONSENSE: Final = "nonsense"
_DISTANT: Final = ("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59.999999-01:00")
"""Times that lie beyond the years 1 to 9999 of UTC, which is where many calendars end."""
_DEFECT: Final = 500


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        entity = system.entity(operation.entity)
        if operation.kind in {Kind.CREATE, Kind.UPDATE} or operation.input:
            yield from _of_fields(planner, operation, entity)
            yield from _of_relations(planner, operation, entity)
            yield from _of_body(planner, operation, entity)


def _fields(entity: Entity, operation: Operation) -> tuple[Field, ...]:
    if operation.kind in {Kind.CREATE, Kind.UPDATE}:
        return sent_fields(entity, updates=operation.kind is Kind.UPDATE)
    return operation.input


def _relations(entity: Entity, operation: Operation) -> tuple[Relation, ...]:
    if operation.kind in {Kind.CREATE, Kind.UPDATE}:
        return sent_relations(entity, updates=operation.kind is Kind.UPDATE)
    return ()


def _of_fields(planner: Planner, operation: Operation, entity: Entity) -> Iterator[PlannedCase]:
    for field in _fields(entity, operation):
        topic = about_member(NAME, entity, field.name, field.span, operation=operation)
        yield _edges(planner, topic, operation, field)
        if field.optional and operation.kind is Kind.UPDATE:
            yield clears(planner, topic, operation, field)
        if next(beyond(entity, field, Random(0)), None) is not None:  # noqa: S311 - only asked
            yield _beyond(planner, topic, operation, field)
        if field.type is FieldType.TIMESTAMP:
            yield _distant(planner, topic, operation, field)
        if is_required(field) and operation.kind is not Kind.UPDATE:
            yield _missing(planner, topic, operation, field.name)


def _of_relations(planner: Planner, operation: Operation, entity: Entity) -> Iterator[PlannedCase]:
    for relation in _relations(entity, operation):
        topic = about_member(
            NAME, entity, relation.name, relation.span, operation=operation, what="relation"
        )
        yield _malformed(planner, topic, operation, relation)
        if operation.kind is Kind.UPDATE and (relation.optional or relation.many):
            yield clears(planner, topic, operation, relation)
        if is_required(relation) and operation.kind is Kind.CREATE:
            yield _missing(planner, topic, operation, relation_name(relation))


def _edges(planner: Planner, topic: Topic, operation: Operation, field: Field) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = somebody_who_can(planner, operation)
        entity = stage.system.entity(operation.entity)
        trial = Trial("values that fit are taken, and shown as they were sent")
        for value in edges(entity, field, stage.random):
            _try_edge(stage, plot, field, value, trial)
        return trial.judgement()

    rule = f"{field.name} takes every value within its limits, to the very edge."
    return topic.case("edges", rule, run, cost=16)


def _try_edge(stage: Stage, plot: Plot, field: Field, value: object, trial: Trial) -> None:
    played = play(stage, plot)
    chosen = played.scene.chosen(plot.step)
    step = replace(chosen, body={**chosen.body, field.name: value})
    try:
        prediction = played.scene.predict(step)
    except Undetermined:
        return
    wanted = expected(stage.system, step.operation, prediction)
    answer = played.scene.take(step)
    name = _shown(to_json(value))
    if code_of(answer) == _CONFLICT and _is_unique(stage.system, step.operation, field):
        return
    trial.found(name, "" if wanted.fits(answer) else told(answer), seen=told(answer))
    row = prediction.world.rows.get(step.makes or step.on or "")
    if prediction.done and wanted.fits(answer) and row is not None:
        for fault in disagreements(played.scene, row, step.operation, answer.json, step):
            trial.found(f"{name} in the answer", fault)


def _is_unique(system: System, operation: Operation, field: Field) -> bool:
    return any(field.name in each.fields for each in system.entity(operation.entity).unique)


def _shown(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:30]}… ({len(value)} code points)"


def _beyond(planner: Planner, topic: Topic, operation: Operation, field: Field) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        entity = stage.system.entity(operation.entity)
        return _refused(
            stage,
            somebody_who_can(planner, operation),
            field.name,
            beyond(entity, field, stage.random),
        )

    rule = f"{field.name} refuses every value beyond its limits, and says where."
    return topic.case("beyond", rule, run, cost=14)


def _distant(planner: Planner, topic: Topic, operation: Operation, field: Field) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = somebody_who_can(planner, operation)
        played = play(stage, plot)
        for text in _DISTANT:
            body = altered(played.scene, plot.step, field.name, text)
            answer = played.scene.take(plot.step, body=body)
            is_judged = not answer.fault and answer.status < _DEFECT
            played.trial.need(f"{field.name} {text}", holds=is_judged, got=told(answer))
        control(played.trial, "a good value", played.scene.take(plot.step), played.expected())
        return played.trial.judgement()

    rule = f"{field.name} takes or refuses what UTC has no year for."
    return topic.case("distant", rule, run, cost=4)


def _refused(stage: Stage, plot: Plot, member: str, bad: Iterator[Bad]) -> Judgement:
    """Send bad values of a member; the same request without them is the control."""
    played = play(stage, plot)
    wanted = refusal(stage.system, Situation.BAD_VALUE)
    played.trial.expected = str(wanted)
    for each in bad:
        # What stands in a query is text, whatever it was meant to be.
        if _in_query(plot) and not isinstance(each.value, str) and each.value is not NOTHING:
            continue
        body = altered(played.scene, plot.step, member, each.value)
        answer = played.scene.take(plot.step, body=body)
        what = f"{member} {_shown(each.value)} ({each.why})"
        _judge(played.trial, what, answer, wanted, member if _in_query(plot) else f"#/{member}")
    control(played.trial, "a good value", played.scene.take(plot.step), played.expected())
    return played.trial.judgement()


def _in_query(plot: Plot) -> bool:
    return plot.step.operation.upload


def _judge(trial: Trial, what: str, answer: Answer, wanted: Expected, place: str) -> None:
    if hold(trial, what, answer, wanted) and wanted.codes:
        pointers = _pointers(answer)
        fits = any(pointer.startswith(place) for pointer in pointers)
        trial.need(f"{what}: a pointer to the member", holds=fits, got=", ".join(pointers))


def _pointers(answer: Answer) -> list[str]:
    errors = answer.json.get("errors") if isinstance(answer.json, dict) else None
    found = errors if isinstance(errors, list) else []
    told = (each for each in found if isinstance(each, dict))
    return [str(each.get("pointer", each.get("parameter"))) for each in told]


def _missing(planner: Planner, topic: Topic, operation: Operation, member: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        absent = iter([Bad("missing", NOTHING)])
        return _refused(stage, somebody_who_can(planner, operation), member, absent)

    return topic.case("missing", f"{member} cannot be left out.", run, cost=5)


def _malformed(
    planner: Planner, topic: Topic, operation: Operation, relation: Relation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = somebody_who_can(planner, operation)
        return _refused(stage, plot, relation_name(relation), _bad_ids(relation))

    rule = f"{relation_name(relation)} takes ids and nothing else."
    return topic.case("beyond", rule, run, cost=8)


def _bad_ids(relation: Relation) -> Iterator[Bad]:
    if relation.many:
        yield from (Bad("no list", _NONSENSE), Bad("no ids", [_NONSENSE]), Bad("numbers", [5]))
        yield Bad("null", None)
        return
    yield from (Bad("no id", _NONSENSE), Bad("a number", 5), Bad("a list", []))
    if not relation.optional:
        yield Bad("null", None)


def _of_body(planner: Planner, operation: Operation, entity: Entity) -> Iterator[PlannedCase]:
    topic = about(NAME, operation)
    if not operation.upload:
        yield _no_object(planner, topic, operation)
    if operation.kind is Kind.UPDATE:
        yield keeps(planner, topic, operation)
    if planner.system.has(REST):
        known = {f.name for f in _fields(entity, operation)}
        known |= {relation_name(r) for r in _relations(entity, operation)}
        yield _unknown(planner, topic, operation, "unknown", ("nonsense", "tenant_id", "__proto__"))
        unwritable = tuple(name for name in _read_only(entity) if name not in known)
        yield _unknown(planner, topic, operation, "read-only", unwritable)


def _read_only(entity: Entity) -> tuple[str, ...]:
    fields = (field.name for field in entity.fields)
    relations = (relation_name(relation) for relation in entity.relations)
    return (*fields, *relations, *(each.name for each in entity.computed))


def _unknown(
    planner: Planner, topic: Topic, operation: Operation, variant: str, names: tuple[str, ...]
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = somebody_who_can(planner, operation)
        played = play(stage, plot)
        wanted = refusal(stage.system, Situation.BAD_VALUE)
        played.trial.expected = str(wanted)
        for name in names:
            # A pointer names members of the public schema only, so it cannot name this one.
            body = altered(played.scene, plot.step, name, "1")
            answer = played.scene.take(plot.step, body=body)
            hold(played.trial, name, answer, wanted)
        control(played.trial, "without it", played.scene.take(plot.step), played.expected())
        return played.trial.judgement()

    rule = "A body holds no members but those that clients write."
    return topic.case(variant, rule, run, reference="unknown members → 422", cost=8)


def _no_object(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = somebody_who_can(planner, operation)
        played = play(stage, plot)
        wanted = refusal(stage.system, Situation.BAD_VALUE)
        played.trial.expected = str(wanted)
        wrong: tuple[Json, ...] = ([], "text", 5, True, None)
        for value in wrong:
            answer = played.scene.take(plot.step, body=value)
            hold(played.trial, repr(value), answer, wanted)
        control(played.trial, "an object", played.scene.take(plot.step), played.expected())
        return played.trial.judgement()

    return topic.case("no-object", "The body is a JSON object.", run, cost=8)


KIND: Final = CaseKind(NAME, _planned)
