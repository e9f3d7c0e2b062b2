"""Lists offer what the spec names and nothing else: no other filter, order or text to search in."""

from collections.abc import Iterator
from random import Random
from typing import Final

from tospec.model import Entity, Field, FieldType, Kind, Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.oracle.contract import REST, refusal
from tospec.verify.oracle.filters import Filter, filters_of, parameters_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import Situation, sent_fields
from tospec.verify.oracle.texts import word
from tospec.verify.oracle.values import FUTURE, lengths, ordinary
from tospec.verify.oracle.wire import to_query
from tospec.verify.probes.routes import random_id
from tospec.verify.scene.listing import OK, ids_of, walk
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Topic,
    Trial,
    about,
    first_role,
    hold,
    modelled,
)
from tospec.verify.scene.rows import Listed, listed

NAME: Final = "undeclared"
_TEXTS: Final = frozenset({FieldType.STRING, FieldType.TEXT})
_WORD: Final = 9
_PLAIN: Final = {
    FieldType.BOOL: "true",
    FieldType.INT: "1",
    FieldType.DECIMAL: "1",
    FieldType.DATE: FUTURE.date().isoformat(),
    FieldType.TIMESTAMP: to_query(FUTURE),
    FieldType.DURATION: "PT15M",
}


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        if operation.kind is Kind.LIST and system.has(REST):
            topic, entity = about(NAME, operation), system.entity(operation.entity)
            yield _filters(planner, topic, operation, entity)
            yield _sorts(planner, topic, operation, entity)
            if entity.listing.search and operation.origin != "spec":
                for field in _unsearched(entity):
                    yield _search(planner, topic, operation, field)


def _members(entity: Entity) -> tuple[str, ...]:
    return (
        *(each.name for each in entity.fields),
        *(each.name for each in entity.relations),
        *(each.name for each in entity.computed),
    )


def _filters(planner: Planner, topic: Topic, operation: Operation, entity: Entity) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        queries = [
            (each.name, _value(stage.random, entity, each))
            for each in _undeclared(entity, operation)
        ]
        if not entity.listing.search or operation.origin == "spec":
            queries.append(("q", word(stage.random, _WORD)))
        return _refused(stage, planner, operation, queries)

    rule = "A list is narrowed by the filters that the spec names, and by no other member."
    return topic.case("filters", rule, run, cost=25)


def _undeclared(entity: Entity, operation: Operation) -> Iterator[Filter]:
    """Yield the parameters that members would have if the spec declared them as filters."""
    known = () if operation.origin == "spec" else filters_of(entity)
    names = {each.name for each in known}
    for member in _members(entity):
        yield from (each for each in parameters_of(entity, member) if each.name not in names)


def _value(random: Random, entity: Entity, each: Filter) -> str:
    field = entity.field(each.member)
    if each.type is FieldType.UUID:
        return random_id(random)
    if field is None or each.type in _PLAIN:
        return _PLAIN.get(each.type, word(random, _WORD))
    return to_query(ordinary(entity, field, random))


def _refused(
    stage: Stage, planner: Planner, operation: Operation, queries: list[tuple[str, str]]
) -> Judgement:
    wanted = refusal(stage.system, Situation.BAD_VALUE)
    trial = Trial(str(wanted))
    row = _row(stage, planner, operation)
    for query in queries:
        hold(trial, "=".join(query), row.scene.take(row.plot.step, query=[query]), wanted)
    plain = row.scene.take(row.plot.step)
    trial.control("the plain list", plain, works=plain.status == OK)
    return trial.judgement()


def _row(stage: Stage, planner: Planner, operation: Operation, **values: object) -> Listed:
    fixed: dict[Place, object] = {(name,): value for name, value in values.items()}
    return listed(stage, planner, operation, first_role(stage.system, operation), fixed)


def _sorts(planner: Planner, topic: Topic, operation: Operation, entity: Entity) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        known = {*entity.listing.sort, (operation.sort or "").removeprefix("-")}
        names = [name for name in _members(entity) if name not in known]
        queries = [("sort", f"{sign}{name}") for name in names for sign in ("", "-")]
        return _refused(stage, planner, operation, queries)

    rule = "A list is sorted by what the spec names, and by no other member."
    return topic.case("sorts", rule, run, cost=25)


def _unsearched(entity: Entity) -> Iterator[Field]:
    for field in sent_fields(entity, updates=False):
        is_text = field.type in _TEXTS and field.pattern is None
        if is_text and field.name not in entity.listing.search and lengths(field)[1] >= _WORD:
            yield field


def _search(planner: Planner, topic: Topic, operation: Operation, field: Field) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        needle = word(stage.random, max(_WORD, lengths(field)[0]))
        trial = Trial("rows in whose other members the word is")
        row = _row(stage, planner, operation, **{field.name: needle})
        plain = row.scene.take(row.plot.step)
        trial.control("the plain list", plain, works=plain.status == OK)
        found = ids_of(walk(row.scene, row.plot.step, [("q", needle)]))
        absent = row.id not in found
        trial.need(f"a row with it in {field.name}", holds=absent, got="it is in the list")
        return trial.judgement()

    rule = f"q does not look into {field.name}."
    return topic.case(f"search-{field.name}", rule, run, cost=8)


KIND: Final = CaseKind(NAME, _planned)
