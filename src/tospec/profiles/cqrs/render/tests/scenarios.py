"""`tests/scenarios/test_<entities>.py`: the scenarios of the spec."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tospec.ir.case_tables import ScenarioCase, ScenarioPerson, ScenarioRow, Suite
from tospec.ir.cases import Value
from tospec.ir.names import EntityNames
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import (
    factory,
    home,
    keywords,
    make,
    mapping,
    operation,
    requirements,
)
from tospec.python import NOTHING, Code, docstring, fill, identifier, join, literal, module, symbol

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The scenarios about one entity."""

    names: EntityNames
    scenarios: tuple[ScenarioCase, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Spec items that they come from."""
        return tuple(sorted({each for case in self.scenarios for each in case.requirements}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scenario:
    requirements: Code
    function: Code
    docstring: Code
    people: list[tuple[Code, Code]]
    rows: list[Code]
    call: Code
    actor: Code
    stored: Code | None
    expected: list[Code]


def groups(suite: Suite) -> Iterator[Group]:
    """Yield the scenarios by entity, in the spec's order."""
    for names in dict.fromkeys(each.entity for each in suite.scenarios):
        found = tuple(each for each in suite.scenarios if each.entity == names)
        yield Group(names=names, scenarios=found)


def render_scenarios(group: Group, path: str) -> str:
    """Return the tests of the scenarios about an entity."""
    body = TEMPLATES.render(
        "tests/scenarios.py.j2",
        artifact=path,
        scenarios=[_scenario(each, name) for each, name in _named(group)],
    )
    nouns = group.names.nouns
    return module(f"Scenarios about {nouns}, as the requirements tell them.", body, artifact=path)


def _named(group: Group) -> Iterator[tuple[ScenarioCase, str]]:
    """Yield scenarios with names of functions, none of them twice."""
    taken: set[str] = set()
    for case in group.scenarios:
        name, number = case.function, 1
        while name in taken:
            number += 1
            name = f"{case.function}_{number}"
        taken.add(name)
        yield case, name


def _scenario(case: ScenarioCase, name: str) -> _Scenario:
    call, expected = _call(case), list(_expected(case))
    lines = [make(row.names, identifier(row.by), row.values) for row in case.rows]
    used = _names((call, *expected, *lines)) | {case.actor}
    return _Scenario(
        requirements=requirements(case.requirements),
        function=Code(name),
        docstring=docstring(case.title, indent=4),
        people=[
            (identifier(each.variable), _person(each))
            for each in case.people
            if each.variable in used
        ],
        rows=[_row(row.variable, line, used) for row, line in zip(case.rows, lines, strict=True)],
        call=call,
        actor=identifier(case.actor),
        stored=_stored(case.unchanged) if case.unchanged else None,
        expected=expected,
    )


def _row(variable: str, call: Code, used: frozenset[str]) -> Code:
    made = fill("await {}", call)
    return fill("{} = {}", identifier(variable), made) if variable in used else made


def _names(parts: tuple[Code, ...]) -> frozenset[str]:
    """Return the words in pieces of source; each name that they use is among them."""
    return frozenset(word for part in parts for word in _WORD.findall(part.text))


def _person(person: ScenarioPerson) -> Code:
    if person.number == 0:
        return home(person.role)
    return fill("await world.join({})", places.role(person.role))


def _call(case: ScenarioCase) -> Code:
    called = case.operation
    known = operation(case.entity, called.name)
    if case.on is None or called.creates or called.kind in {"link", "unlink"}:
        return _arranged(case, known)
    row = identifier(case.on)
    parts = [fill("{}={}.id", Code(called.parameters[0]), row)]
    values = {value.name: value for value in (*(called.body or ()), *case.input)}
    if called.kind == "update":
        values = {value.name: value for value in case.input}
    if values:
        parts.append(fill("body={}", mapping(values.values())))
    if called.demands_condition:
        tag = symbol("app.core.preconditions", "entity_tag")
        parts.append(fill("if_match={}({})", tag, row))
    return fill("{}.call({})", known, join(", ", parts))


def _arranged(case: ScenarioCase, known: Code) -> Code:
    about = NOTHING
    if case.on is not None:
        parameter = Code(case.operation.parameters[0])
        about = fill(".about({}={}.id)", parameter, identifier(case.on))
        if case.operation.conditional:
            about = fill("{}.given(None)", about)
    call = fill("await {}.arrange({})", known, identifier(case.actor))
    if not about.text and not case.input:
        return call
    return fill("({}){}{}", call, about, _sending(case.input))


def _sending(values: tuple[Value, ...]) -> Code:
    if not values:
        return NOTHING
    sent = keywords(values)
    return fill(".sending({})", Code(sent.text.removeprefix(", "), sent.imports))


def _expected(case: ScenarioCase) -> Iterator[Code]:
    if case.error is None:
        yield fill("assert response.status_code == {}, response.text", literal(case.status))
    else:
        told = fill("({}, {})", literal(case.status), literal(case.error))
        yield fill("assert refused(response) == {}", told)
    ids = Code('[item["id"] for item in response.json()["items"]]')
    if case.without is not None:
        yield fill("assert str({}.id) not in {}", identifier(case.without), ids)
    if case.contains is not None:
        yield fill("assert str({}.id) in {}", identifier(case.contains), ids)
    for value in case.values:
        same = Code("is" if value.code == literal(None) else "==")
        yield fill("assert response.json()[{}] {} {}", literal(value.name), same, value.code)
    if case.unchanged is not None:
        yield fill("assert {} == before", _stored(case.unchanged))


def _stored(row: ScenarioRow) -> Code:
    find = factory(row.names, "find")
    return fill("await {}({}, {}.id)", find, identifier(row.by), identifier(row.variable))
