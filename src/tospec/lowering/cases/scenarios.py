"""Scenarios of the spec as tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.ir.case_tables import ScenarioCase, ScenarioPerson, ScenarioRow
from tospec.ir.cases import Operation, Value
from tospec.lowering.cases.givens import variable
from tospec.lowering.cases.values import stored, wire
from tospec.lowering.members import member_of
from tospec.lowering.naming import entity_names, link_field, reference_column
from tospec.model import Entity, Relation, Row, Scenario, System
from tospec.model import Operation as Spec
from tospec.model.measures import measures_of
from tospec.python import Code, fill, join, snake


@dataclass(frozen=True, slots=True)
class _Stage:
    """The names of one scenario."""

    people: frozenset[str]
    rows: frozenset[str]

    def id_of(self, word: str) -> Code:
        """Return the source of the id that a word of a scenario stands for."""
        name, _, member = word.partition(".")
        if name in self.people or (name in self.rows and not member):
            return Code(f"{variable(snake(name))}.id")
        return Code(f"{variable(snake(name))}.{reference_column(snake(member))}")


def scenario_of(system: System, scenario: Scenario, operation: Operation) -> ScenarioCase:
    """Return a scenario as a test."""
    spec = next(each for each in system.operations if each.name == scenario.operation)
    entity = system.entity(spec.entity)
    stage = _Stage(
        frozenset(name for name, _ in scenario.people),
        frozenset(row.name for row in scenario.rows),
    )
    rows = tuple(_row(system, scenario, row, stage) for row in scenario.rows)
    return ScenarioCase(
        title=scenario.title,
        function=f"test_{_function(scenario.title)}",
        requirements=scenario.requirements,
        people=tuple(_people(scenario)),
        rows=rows,
        actor=variable(snake(scenario.actor)),
        operation=operation,
        entity=entity_names(entity.name),
        on=variable(snake(scenario.on)) if scenario.on else None,
        input=tuple(_inputs(entity, spec, scenario, stage)),
        status=scenario.status,
        error=scenario.error,
        unchanged=next(
            (r for r, s in zip(rows, scenario.rows, strict=True) if s.name == scenario.unchanged),
            None,
        ),
        without=variable(snake(scenario.without)) if scenario.without else None,
        contains=variable(snake(scenario.contains)) if scenario.contains else None,
        values=tuple(
            Value(name=_shown(system, spec, entity, name), code=wire(value))
            for name, value in scenario.values
        ),
    )


def _shown(system: System, operation: Spec, entity: Entity, name: str) -> str:
    measured = {each.name for each in measures_of(system, operation)}
    return name if name in measured else member_of(entity, name).name


def _function(title: str) -> str:
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in title)
    return "_".join(words.lower().split()) or "scenario"


def _people(scenario: Scenario) -> Iterator[ScenarioPerson]:
    counts: dict[str, int] = {}
    for name, role in scenario.people:
        number = counts.get(role, 0)
        counts[role] = number + 1
        yield ScenarioPerson(variable=variable(snake(name)), role=role, number=number)


def _row(system: System, scenario: Scenario, row: Row, stage: _Stage) -> ScenarioRow:
    entity = system.entity(row.entity)
    maker = row.by or scenario.people[0][0]
    values = (_value(entity, name, value, stage) for name, value in row.values)
    return ScenarioRow(
        variable=variable(snake(row.name)),
        names=entity_names(entity.name),
        by=variable(snake(maker)),
        values=tuple(values),
    )


def _value(entity: Entity, name: str, value: object, stage: _Stage) -> Value:
    relation = entity.relation(name)
    if relation is not None:
        return _reference(relation, value, stage)
    field = entity.field(name)
    if field is None:
        message = f"{entity.name} has no field '{name}'"
        raise ValueError(message)
    return Value(name=name, code=stored(field, value))


def _reference(relation: Relation, value: object, stage: _Stage) -> Value:
    if relation.many:
        words = value if isinstance(value, tuple) else (value,)
        ids = join(", ", (stage.id_of(str(word)) for word in words))
        return Value(name=link_field(relation.name), code=fill("[{}]", ids))
    code = Code("None") if value is None else stage.id_of(str(value))
    return Value(name=reference_column(relation.name), code=code)


def _inputs(entity: Entity, operation: Spec, scenario: Scenario, stage: _Stage) -> Iterator[Value]:
    own = {field.name for field in operation.input}
    for name, value in scenario.input:
        relation = None if name in own else entity.relation(name)
        if relation is None:
            yield Value(name=name, code=wire(value))
            continue
        found = _reference(relation, value, stage)
        form = "[str(each) for each in {}]" if relation.many else "str({})"
        code = found.code if value is None else fill(form, found.code)
        yield Value(name=found.name, code=code)
