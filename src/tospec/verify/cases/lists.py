"""Lists: what they leave out, filters, orders, search."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tospec.model import FieldType, Generated, Kind, Operation, System
from tospec.model.dependence import waits_for_jobs
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.pages import paged
from tospec.verify.cases.references import hidden_from
from tospec.verify.cases.searches import searches
from tospec.verify.cases.ties import ties
from tospec.verify.cases.together import together
from tospec.verify.oracle.contract import REST, refusal
from tospec.verify.oracle.filters import Filter, How, filters_of
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import FRESH, Situation, Step, sent_fields
from tospec.verify.oracle.values import TEXTS
from tospec.verify.oracle.wire import state_or_type, to_query, values_of
from tospec.verify.oracle.world import Somebody, Undetermined
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.listing import ids_of, walk
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Topic,
    Trial,
    about,
    hold,
    modelled,
    operation_of,
)
from tospec.verify.scene.rows import Listed, around_where, listed, varied

NAME: Final = "lists"


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        if operation.kind is Kind.LIST:
            topic = about(NAME, operation)
            yield from _visible(planner, topic, operation)
            if system.has(REST):
                yield from _asked(planner, topic, operation)
                yield from paged(planner, topic, operation)
                yield from together(planner, topic, operation)
                yield from ties(planner, topic, operation)


def _visible(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    entity = planner.system.entity(operation.entity)
    if operation.where is not None:
        yield _where(planner, topic, operation)
    for role in roles_of(planner.system, operation):
        if planner.hiding(entity, role) is not None and "{" not in operation.path:
            yield _hidden(planner, topic, operation, role)


def _asked(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    entity = planner.system.entity(operation.entity)
    if operation.origin != "spec":
        for each in filters_of(entity):
            yield _filter(planner, topic, operation, each)
        yield from searches(planner, topic, operation)
    for name in entity.listing.sort:
        yield _sort(planner, topic, operation, name, "")
        yield _sort(planner, topic, operation, name, "-")
    yield _default_sort(planner, topic, operation)


def _ids(row: Listed, query: Sequence[tuple[str, str]] = ()) -> list[str]:
    return ids_of(walk(row.scene, row.plot.step, query))


def _where(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    text = operation.where.text if operation.where else ""

    def run(stage: Stage) -> Judgement:
        trial = Trial(f"rows for which: {text}")
        found = around_where(stage, planner, operation)
        shown = set(_ids(found[0][0]))
        for row, wanted in found:
            got = "it is missing" if wanted else "it is in the list"
            trial.need(_told(row), holds=(row.id in shown) is wanted, got=got)
        return trial.judgement()

    return topic.case("where", f"The list shows rows for which: {text}.", run, cost=40)


def _told(row: Listed) -> str:
    """Return what was chosen about a row, in words."""
    chosen = (f"{'.'.join(place)}: {value}" for place, value in row.plot.choices.items())
    return f"a row with {', '.join(chosen)}"[:120]


def _hidden(planner: Planner, topic: Topic, operation: Operation, role: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        entity = planner.system.entity(operation.entity)
        trial = Trial("rows that they may see")
        secret = hidden_from(stage, planner, entity.name, Somebody(role=role))
        plain = listed(stage, planner, operation, role, {})
        shown = _ids(plain)
        holds = secret not in shown
        trial.need(f"a {entity.name} hidden from them", holds=holds, got="it is in the list")
        trial.need("one that they see", holds=plain.id in shown, got="it is missing")
        return trial.judgement()

    return topic.case(
        f"{role}/hidden", f"A list leaves out what a {role} may not see.", run, cost=12
    )


def _filter(planner: Planner, topic: Topic, operation: Operation, each: Filter) -> PlannedCase:
    system = planner.system

    def run(stage: Stage) -> Judgement:
        trial = Trial("exactly the rows that pass")
        try:
            rows = varied(stage, planner, operation, each.member)
        except Unavailable:
            if waits_for_jobs(system, system.entity(operation.entity), each.member):
                return skipped(trial.expected, "Rows differ in it only when a job has run.")
            raise
        for asked in _values(rows, each):
            query = [(each.name, to_query(value)) for value in asked]
            shown = _ids(rows[0], query)
            for row in rows:
                _judge(trial, row, each, asked, shown)
        _nonsense(trial, rows[0], each)
        return trial.judgement()

    rule = f"The parameter {each.name} narrows the list by {each.member}."
    return topic.case(f"filter-{each.name}", rule, run, cost=20)


def _nonsense(trial: Trial, row: Listed, each: Filter) -> None:
    """A value that the parameter cannot have is refused, and narrows nothing."""
    if each.type in TEXTS:
        return
    wanted = refusal(row.scene.system, Situation.BAD_VALUE)
    answer = row.scene.take(row.plot.step, query=[(each.name, "nonsense")])
    hold(trial, f"{each.name}=nonsense", answer, wanted)


def _values(rows: tuple[Listed, ...], each: Filter) -> list[tuple[Any, ...]]:
    """Return what to ask for: each value that there is, and several where that is possible."""
    known = [value for row in rows for value in _flat(row.value(each.member))]
    single = [(value,) for value in dict.fromkeys(known)]
    if each.how is How.AMONG and len(single) > 1:
        return [*single[:2], (*single[0], *single[1])]
    return list(single[:3])


def _flat(value: Any) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _judge(
    trial: Trial, row: Listed, each: Filter, asked: tuple[Any, ...], shown: list[str]
) -> None:
    value = row.value(each.member)
    passes = any(each.passes(value, one) for one in asked)
    what = f"{each.name}={','.join(map(str, asked))} and a row with {value}"
    got = "it is missing" if passes else "it is in the list"
    trial.need(what, holds=(row.id in shown) is passes, got=got)


def _sort(
    planner: Planner, topic: Topic, operation: Operation, name: str, sign: str
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        rows = varied(stage, planner, operation, name)
        _touch(planner, operation, rows[0], name)
        trial = Trial(f"rows in the order {sign}{name}")
        _in_order(trial, planner, rows, name, sign, [("sort", f"{sign}{name}")])
        return trial.judgement()

    way = "descending" if sign else "ascending"
    variant = f"sort-{name}-{way}"
    return topic.case(variant, f"sort={sign}{name} orders the list.", run, cost=14)


def _touch(planner: Planner, operation: Operation, row: Listed, name: str) -> None:
    """Change the oldest row, if the order is one that changes move."""
    entity = planner.system.entity(operation.entity)
    field, updating = entity.field(name), operation_of(planner.system, entity, Kind.UPDATE)
    if field is None or field.generated is not Generated.CHANGED or updating is None:
        return
    for each in sent_fields(entity, updates=True):
        if each.type in TEXTS:
            for who in planner.cast(row.plot.step.by).everybody:
                step = Step(operation=updating, by=who, on=row.plot.target, body={each.name: FRESH})
                if row.allows(step):
                    row.scene.play([step])
                    return


def _default_sort(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    entity = planner.system.entity(operation.entity)
    order = operation.sort or entity.listing.default_sort
    sign, name = order[: order.startswith("-")], order.removeprefix("-")

    def run(stage: Stage) -> Judgement:
        rows = varied(stage, planner, operation, name)
        trial = Trial(f"rows in the order {order}")
        _in_order(trial, planner, rows, name, sign, [])
        return trial.judgement()

    return topic.case("default-sort", f"The list is in the order {order}.", run, cost=14)


def _in_order(
    trial: Trial,
    planner: Planner,
    rows: tuple[Listed, ...],
    name: str,
    sign: str,
    query: list[tuple[str, str]],
) -> None:
    """Hold the places of the rows in a list against the order of their values."""
    shown = _ids(rows[0], query)
    missing = [row.id for row in rows if row.id not in shown]
    trial.need("the rows", holds=not missing, got=f"{len(missing)} are missing")
    if missing:
        return
    known = [row for row in rows if _rank(planner, row, name) is not None]
    known.sort(key=lambda row: _rank(planner, row, name), reverse=bool(sign))
    places = [shown.index(row.id) for row in known]
    ordered = all(
        one < two or _rank(planner, a, name) == _rank(planner, b, name)
        for (one, a), (two, b) in zip(
            zip(places, known, strict=True), list(zip(places, known, strict=True))[1:], strict=False
        )
    )
    values = [str(row.value(name)) for row in sorted(known, key=lambda row: shown.index(row.id))]
    trial.need("their order", holds=ordered, got=", ".join(values))


def _rank(planner: Planner, row: Listed, name: str) -> Any:
    """Return what a row is ordered by; None when it has no place of its own."""
    entity = row.scene.world.entity_of(row.row)
    field = entity.field(name)
    try:
        value = row.value(name)
    except Undetermined:
        return None
    if field is not None and value is not None and state_or_type(entity, field) is FieldType.ENUM:
        return values_of(entity, field).index(value)
    is_text = isinstance(value, str)
    # Only of small ASCII letters every collation has the same idea.
    return None if is_text and not (value.isascii() and value.isalpha()) else value


KIND: Final = CaseKind(NAME, _planned)
