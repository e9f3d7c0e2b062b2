"""Tests of bodies and of lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tospec.ir.case_tables import EntityCases, FilterCase, Inputs, ListCases
from tospec.ir.cases import Given, Operation, Value
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import (
    MadeRow,
    header,
    home,
    joined_name,
    keywords,
    made,
    mapping,
    operation,
    requirements,
)
from tospec.python import (
    NOTHING,
    Code,
    constant,
    fill,
    identifier,
    join,
    literal,
    module,
    symbol,
)

_ME = Code("me")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    prefix: Code
    function: Code
    operation: Code
    person: Code
    status: Code
    accepted: list[tuple[Code, Code]]
    refused: list[tuple[Code, Code]]
    required: Code | None
    unknown: Code
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filter:
    name: Code
    before: tuple[MadeRow, ...]
    wanted: Code
    before_unwanted: tuple[MadeRow, ...]
    unwanted: Code
    parameters: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    name: Code
    rows: list[Code]


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    marks: list[Code]
    function: Code
    operation: Code
    person: Code
    row: Code
    view: Code | None
    sorts: Code | None
    default_sort: Code
    spread: Code
    filters: list[_Filter]
    has_search: bool
    needle: Code


def has_bodies(entity: EntityCases) -> bool:
    """Whether clients send bodies about an entity."""
    return any(_bodies(entity))


def has_lists(entity: EntityCases) -> bool:
    """Whether there are lists of an entity."""
    return any(_listed(entity))


def render_validation(entity: EntityCases, path: str) -> str:
    """Return the tests of what clients may send."""
    body = TEMPLATES.render(
        "tests/validation.py.j2",
        artifact=path,
        requirements=requirements(entity.requirements),
        bodies=list(_bodies(entity)),
    )
    return module(header(entity, "what clients may send"), body, artifact=path)


def render_lists(entity: EntityCases, path: str) -> str:
    """Return the tests of the lists of an entity."""
    served = [called.requirements for _, called in _listed(entity)]
    shared = [each for each in served[0] if all(each in others for others in served)]
    body = TEMPLATES.render(
        "tests/lists.py.j2",
        artifact=path,
        shared=requirements(shared) if shared else None,
        lists=[_list(entity, each, called, shared) for each, called in _listed(entity)],
        spreads=[
            _Spread(name=name, rows=[mapping(row) for row in rows])
            for rows, name in _spreads(entity).items()
        ],
    )
    ids = tuple(dict.fromkeys(each for ids in served for each in ids))
    about = header(entity, "filters, searches and orders of lists", ids)
    return module(about, body, artifact=path)


def _bodies(entity: EntityCases) -> Iterator[_Body]:
    for inputs in entity.inputs:
        called = entity.named(inputs.operation)
        if called.served:
            yield _body(entity, inputs, called)


def _body(entity: EntityCases, inputs: Inputs, called: Operation) -> _Body:
    shown = set(inputs.shown)
    accepted = [(literal(each.member), each.value) for each in inputs.accepted]
    return _Body(
        prefix=constant(called.function),
        function=identifier(called.function),
        operation=operation(entity.names, called.name),
        person=home(called.served[0]),
        status=literal(called.success),
        accepted=accepted,
        refused=[(literal(each.member), each.value) for each in inputs.refused],
        required=literal(list(inputs.required)) if inputs.required else None,
        unknown=literal(list(inputs.unknown)),
        shown={each.member for each in inputs.accepted} <= shown,
    )


def _spreads(entity: EntityCases) -> dict[tuple[tuple[Value, ...], ...], Code]:
    """Return the rows that lists are sorted with, each set with the name of its constant."""
    found: dict[tuple[tuple[Value, ...], ...], Code] = {}
    for each in entity.lists:
        if entity.named(each.operation).served and each.sorts:
            name = fill("ROWS_OF_{}", constant(entity.named(each.operation).function))
            found.setdefault(each.spread, name if found else Code("ROWS"))
    return found


def _listed(entity: EntityCases) -> Iterator[tuple[ListCases, Operation]]:
    for each in entity.lists:
        called = entity.named(each.operation)
        if called.served and called.row is not None:
            yield each, called


def _list(entity: EntityCases, cases: ListCases, called: Operation, shared: Sequence[str]) -> _List:
    own = [each for each in called.requirements if each not in shared]
    shown = next((s.members for s in entity.shown if s.operation == called.name), None)
    search = [each for each in cases.filters if each.name.startswith("words_of_")]
    maker = joined_name("row_of", called.function).text
    row = symbol(f"tests.calls.{entity.names.plural}", maker)
    return _List(
        marks=[fill("@pytest.mark.requirement({})", requirements(own))] if own else [],
        function=identifier(called.function),
        operation=operation(entity.names, called.name),
        person=home(called.served[0]),
        row=row,
        view=literal(set(shown)) if shown else None,
        sorts=literal(list(cases.sorts)) if cases.sorts else None,
        default_sort=literal(cases.default_sort),
        spread=_spreads(entity).get(cases.spread, NOTHING),
        filters=[_filter(each, name, row) for each, name in _named(cases.filters)],
        has_search=bool(search),
        needle=_values(search[0].wanted[0]) if search else Code(""),
    )


def _named(cases: tuple[FilterCase, ...]) -> Iterator[tuple[FilterCase, str]]:
    """Yield filters with what tests of them are called, none of them twice."""
    taken: set[str] = set()
    for case in cases:
        names = (case.name, *(f"{case.name}_{number}" for number in range(2, len(cases) + 2)))
        name = next(each for each in names if each not in taken)
        taken.add(name)
        yield case, name


def _filter(case: FilterCase, name: str, row: Code) -> _Filter:
    before = [each for given in case.wanted for each in given.before]
    return _Filter(
        name=joined_name("filters_by", name),
        before=made(before, _ME),
        wanted=join(", ", (fill("await {}(me, call{})", row, _values(g)) for g in case.wanted)),
        before_unwanted=made(case.unwanted.before, _ME),
        unwanted=_values(case.unwanted),
        parameters=keywords(case.parameters),
    )


def _values(given: Given) -> Code:
    return fill("{}", keywords(given.values))
