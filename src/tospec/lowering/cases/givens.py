"""From plans of rows to the source that makes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tospec.ir.cases import Given, Made, Value
from tospec.lowering.cases.plans import Plan
from tospec.lowering.naming import (
    entity_names,
    link_field,
    reference_column,
    shortened,
    singular,
)
from tospec.model import Entity, Relation, System
from tospec.python import Code, fill, name_problem

_LONGEST: Final = 24
_TAKEN: Final = frozenset(
    {
        *("absent", "after", "allowed", "answer", "asyncio", "before", "blind", "body", "by"),
        *("call", "cases", "changed", "created", "each", "elsewhere", "entity_tag", "events"),
        *("faults", "full", "in_order", "made", "me", "member", "name", "named", "number"),
        *("operation", "path", "problem", "pytest", "refused", "repository", "response", "role"),
        *("row", "rows", "somebody", "spelled", "state", "stranger", "taken", "target"),
        *("transaction", "value", "values", "wanted", "wire", "world"),
    }
)
_FACTORIES: Final = ("make_", "find_", "least_", "full_")
"""How the names of functions begin that tests make and find rows with."""


@dataclass(slots=True)
class _Writer:
    """Source that is being written, on behalf of one person."""

    system: System
    person: Code
    row: Code
    before: list[Made] = field(default_factory=list)
    after: list[Made] = field(default_factory=list)

    def values(self, entity: Entity, plan: Plan, around: dict[str, Code]) -> Iterator[Value]:
        known: dict[str, Code] = {}
        for setting in plan.settings:
            is_relation = entity.relation(setting.name) is not None
            name = reference_column(setting.name) if is_relation else setting.name
            owner = fill("{}.id", self.person)
            yield Value(name=name, code=owner if setting.code is None else setting.code)
        for name in plan.shared:
            yield Value(name=reference_column(name), code=around[name])
        for name, above in plan.above:
            known[name] = self.made(_relation(entity, name), above, known)
            yield Value(name=reference_column(name), code=known[name])
        for name in plan.links:
            yield Value(name=link_field(name), code=fill("[{}]", self.linked(entity, name)))

    def made(self, relation: Relation, plan: Plan, around: dict[str, Code]) -> Code:
        target = self.system.entity(relation.to)
        values = tuple(self.values(target, plan, around))
        made = Made(
            variable=variable(relation.name), names=entity_names(target.name), values=values
        )
        self.before.append(made)
        return Code(f"{made.variable}.id")

    def linked(self, entity: Entity, name: str) -> Code:
        relation = _relation(entity, name)
        target = self.system.entity(relation.to)
        if target.built_in:
            return fill("{}.id", self.person)
        made = Made(variable=variable(singular(name)), names=entity_names(target.name))
        self.before.append(made)
        return Code(f"{made.variable}.id")


def variable(name: str) -> str:
    """Return the variable of a row or a person in tests; names that differ give others."""
    short = shortened(name, _LONGEST)
    taken = short in _TAKEN or short.startswith(_FACTORIES) or name_problem(short)
    return f"{short}_" if taken else short


def given(system: System, entity: Entity, plan: Plan, *, person: Code, row: Code) -> Given:
    """Return the source of a plan.

    Args:
        system: Everything.
        entity: What the row is.
        plan: What is special about it.
        person: Source of who makes it.
        row: Source of its id, for rows that refer to it.
    """
    writer = _Writer(system, person, row)
    values = tuple(writer.values(entity, plan, {}))
    for name, relation in plan.below:
        names = entity_names(name)
        refers = Value(name=reference_column(relation), code=row)
        made = Made(variable=variable(names.singular), names=names, values=(refers,))
        writer.after.append(made)
    return Given(before=tuple(writer.before), values=values, after=tuple(writer.after))


def _relation(entity: Entity, name: str) -> Relation:
    return next(relation for relation in entity.relations if relation.name == name)
