"""Who may do something to a row, by role and by whose it is."""

from collections.abc import Iterator

from tospec.ir.cases import Cell
from tospec.lowering.cases.conditions import Conditions, roles_of
from tospec.lowering.cases.plans import Plan, build
from tospec.lowering.cases.rows import Someone, World
from tospec.lowering.cases.search import names_in
from tospec.lowering.cases.truth import all_of, holds, visible
from tospec.lowering.naming import reference_column
from tospec.model import Relation


def cells_of(conditions: Conditions, plan: Plan) -> tuple[Cell, ...]:
    """Return who may carry out an operation, as far as it depends on the row."""
    if conditions.policy is None:
        return ()
    names = names_in(conditions.system, (conditions.policy,))
    people = [each for each in conditions.entity.relations if _is_person(conditions, each, names)]
    return tuple(
        cell
        for role in roles_of(conditions.system, conditions.operation)
        for cell in _of_role(conditions, plan, role, people)
    )


def _is_person(conditions: Conditions, relation: Relation, names: frozenset[str]) -> bool:
    is_user = relation.to == "User" and not relation.many
    return is_user and relation.name in names


def _of_role(
    conditions: Conditions, plan: Plan, role: str, people: list[Relation]
) -> Iterator[Cell]:
    for mine in ((), *((relation,) for relation in people)):
        allowed = _allowed(conditions, plan, role, mine)
        if allowed is not None:
            columns = tuple(reference_column(relation.name) for relation in mine)
            yield Cell(role=role, mine=columns, allowed=allowed)


def _allowed(
    conditions: Conditions, plan: Plan, role: str, mine: tuple[Relation, ...]
) -> bool | None:
    system, entity, policy = conditions.system, conditions.entity, conditions.policy
    somebody, me = Someone(system.roles[0]), Someone(role)
    built = build(system, entity, conditions.base.joined(plan), somebody)
    for relation in mine:
        built.row.refs[relation.name] = me
    world = built.world(World(system=system, principal=me, inputs=dict(conditions.inputs)))
    if policy is None or visible(entity, built.row, world) is not True:
        return None
    allowed = holds(policy, built.row, world)
    if allowed is not True:
        return allowed
    rules = all_of(holds(each.that, built.row, world) for each in conditions.required)
    return True if rules is True else None
