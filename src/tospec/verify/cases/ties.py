"""Orders in which rows are alike or have no value: a walk through them still meets each once."""

from collections.abc import Iterator
from typing import Any, Final

from tospec.model import Entity, Field, FieldType, Operation, Relation
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.oracle.choices import Other, values_around
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import PEOPLE
from tospec.verify.oracle.wire import state_or_type
from tospec.verify.scene.listing import ids_of, walk
from tospec.verify.scene.parts import Planner, Topic, Trial
from tospec.verify.scene.rows import Listed, listed

_FEW: Final = frozenset({FieldType.ENUM, FieldType.BOOL})
_PAGE: Final = 2


def ties(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    """Yield the cases of the orders in which rows can be alike."""
    entity = planner.system.entity(operation.entity)
    apart = _apart(planner, entity, operation)
    if apart is None or operation.where is not None:
        return
    for name in entity.listing.sort:
        field = entity.field(name)
        if field is not None and field.writable and _ties(entity, field):
            yield _case(planner, topic, operation, field, apart)


def _ties(entity: Entity, field: Field) -> bool:
    return field.optional or state_or_type(entity, field) in _FEW


def _apart(planner: Planner, entity: Entity, operation: Operation) -> tuple[Relation, ...] | None:
    """Return by what rows of one case are set apart: nothing for those below one of their own."""
    if "{" in operation.path:
        return ()
    for name in entity.listing.filter:
        relation = entity.relation(name)
        if relation and _sets_apart(entity, relation):
            return (relation,)
    return None


def _sets_apart(entity: Entity, relation: Relation) -> bool:
    to_other_rows = relation.to not in {PEOPLE, entity.name} and not relation.many
    return to_other_rows and relation.writable and not relation.optional


def _case(
    planner: Planner,
    topic: Topic,
    operation: Operation,
    field: Field,
    apart: tuple[Relation, ...],
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("each row once, those without a value together at one end")
        rows = _rows(stage, planner, operation, field, apart)
        query = [(relation_name(each), _target(rows[0][0], each)) for each in apart]
        for sign in ("", "-"):
            asked = [*query, ("sort", f"{sign}{field.name}")]
            shown = ids_of(walk(rows[0][0].scene, rows[0][0].plot.step, asked, limit=_PAGE))
            _judge(trial, rows, shown, f"sort={sign}{field.name}", backwards=bool(sign))
        return trial.judgement()

    rule = f"A walk in the order {field.name} meets rows that are alike, and those without it."
    return topic.case(f"ties-{field.name}", rule, run, cost=24)


def _rows(
    stage: Stage,
    planner: Planner,
    operation: Operation,
    field: Field,
    apart: tuple[Relation, ...],
) -> list[tuple[Listed, Any]]:
    """Make rows of which some are alike and some have no value; return them with their ranks."""
    entity = planner.system.entity(operation.entity)
    values = [each for each in values_around(entity, field, []) if each is not None][:2]
    fixed: dict[Place, object] = {(each.name,): Other.NEW for each in apart}
    fixed[field.name,] = values[0]
    first = listed(stage, planner, operation, roles_of(planner.system, operation)[0], fixed)
    order = sorted(values) if state_or_type(entity, field) is not FieldType.ENUM else values  # type: ignore[type-var]
    found: list[tuple[Listed, Any]] = [(first, order.index(values[0]))]
    # Three of each, so that no page of two ends where the value changes.
    more = [values[0]] * 2 + [values[-1]] * 3 + ([None] * 3 if field.optional else [])
    for number, value in enumerate(more):
        row = first.another(f"{first.plot.target}-{number}", {field.name: value})
        found.append((row, None if value is None else order.index(value)))
    return found


def _target(row: Listed, relation: Relation) -> str:
    return row.scene.id_of(row.row.refs[relation.name] or "")


def _judge(
    trial: Trial, rows: list[tuple[Listed, Any]], shown: list[str], what: str, *, backwards: bool
) -> None:
    counts = [shown.count(row.id) for row, _ in rows]
    got = f"{counts.count(0)} are missing, {sum(count > 1 for count in counts)} come twice"
    trial.need(f"{what}: each row once", holds={*counts} == {1}, got=got)
    if {*counts} != {1}:
        return
    ranks = [rank for _, rank in sorted(rows, key=lambda pair: shown.index(pair[0].id))]
    known = [rank for rank in ranks if rank is not None]
    ordered = known == sorted(known, reverse=backwards)
    trial.need(f"{what}: the order", holds=ordered, got=str(ranks))
    ends = ranks[: len(known)], ranks[len(ranks) - len(known) :]
    trial.need(f"{what}: those without a value", holds=known in ends, got=str(ranks))
