"""Whatever the names of a spec are, it is refused with a place, or nothing in the code is twice."""

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from random import Random
from typing import TypeGuard

import pytest

from tests.lowering.clashing import Clashing
from tests.lowering.specs import ROOT, entity, reading_of
from tospec.lowering.backend import backend_of
from tospec.lowering.capability import unbuildable
from tospec.model import System
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import DATA, LOGIC
from tospec.profiles.cqrs.testing import TESTS
from tospec.syntax.clashes import OF_REPOSITORIES

SEEDS = range(25)
REPOSITORIES = ROOT / "src/tospec/profiles/cqrs/scaffold/app/repositories"
BASES = (
    *("TenantStatements", "TenantRepository", "EntityRepository"),
    *("SearchedRepository", "WatchedRepository", "RestorableRepository"),
)


def modules(system: System) -> Iterator[tuple[str, str]]:
    backend = backend_of(system, CqrsPlaces())
    files = chain.from_iterable(each.files(backend) for each in (*DATA, *LOGIC, *TESTS))
    return ((file.path, file.text) for file in files if file.path.endswith(".py"))


def twice(text: str) -> Iterator[str]:
    """Return what a module, or a class in it, binds more than once."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef):
            counted = Counter(chain.from_iterable(map(bound, node.body)))
            yield from (name for name, count in counted.items() if count > 1)


def bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Assign(targets=targets):
            yield from (each.id for each in targets if isinstance(each, ast.Name))
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (each.asname or each.name for each in names)


def repository_names() -> Iterator[str]:
    """Yield what the classes that repositories build upon call their own."""
    for file in sorted(REPOSITORIES.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name.endswith(BASES):
                yield from chain.from_iterable(map(bound, node.body))
                yield from (each.attr for each in ast.walk(node) if is_own(each))


def is_own(node: ast.AST) -> TypeGuard[ast.Attribute]:
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return False
    return node.value.id == "self"


def test_no_query_is_called_like_a_part_of_its_repository() -> None:
    own = {name.strip("_") for name in repository_names()} - {"init"}

    assert {"page", "filtered", "values", "restore"} <= own
    assert own <= OF_REPOSITORIES


def test_what_is_bound_twice_is_seen() -> None:
    assert [*twice("from a import b\nclass B:\n    c: int\n    c = 1\ndef b(): ...")] == ["b", "c"]
    assert [*twice("from a import b\nclass B:\n    b: int\ndef c(): ...")] == []


def test_names_from_few_words_are_refused_or_built() -> None:
    built = 0
    for seed in SEEDS:
        reading = reading_of(*Clashing(Random(seed)).blocks())  # noqa: S311 - no secret
        if reading.system is None:
            assert all(each.span and each.message for each in reading.diagnostics)
        elif not unbuildable(reading.system):
            built += 1
            found = {path: [*twice(text)] for path, text in modules(reading.system)}
            assert {path: names for path, names in found.items() if names} == {}, f"seed {seed}"

    assert len(SEEDS) / 10 < built < len(SEEDS)


ORDER = """
entity: Order
fields:
  shut_down_FIELD: {type: enum, values: [broken, closed]}
policy: {visible: "true"}
lifecycle:
  field: status
  initial: open
  permission: "all:write"
  transitions:
    shut_down: {from: [open], to: open, input: {why: {type: enum, values: [new, old]}}}
"""


@pytest.mark.parametrize(("field", "codes"), [("why", ["TS0353"]), ("since", [])])
def test_an_input_is_not_called_like_an_enum_of_the_entity(field: str, codes: list[str]) -> None:
    reading = reading_of(entity(ORDER.replace("FIELD", field)))

    assert [each.code for each in reading.diagnostics] == codes
    assert all(each.span and "OrderShutDownWhy" in each.message for each in reading.diagnostics)
    assert reading.system is None or dict(modules(reading.system))


COMMAND = """
```yaml tospec
command: NAME
http: POST /v1/orders/{order}/command
permission: "all:write"
input: {why: {type: string, length: [1, 9]}}
do: [{update: order, set: {shut_down_since: "'broken'"}}]
```
"""


@pytest.mark.parametrize("name", ["MakeOrder", "Number", "Wire", "LeastOrder", "RowOfListOrders"])
def test_a_command_may_be_called_like_a_helper_of_the_tests(name: str) -> None:
    order = entity(ORDER.replace("FIELD", "since"))
    reading = reading_of(order, COMMAND.replace("NAME", name))

    assert reading.system is not None, reading.diagnostics
    assert {path: [*twice(text)] for path, text in modules(reading.system) if [*twice(text)]} == {}


@pytest.mark.parametrize(
    ("name", "refused"),
    [("Item", True), ("Listing", True), ("NotFoundError", True), ("Approve", False)],
)
def test_a_command_is_not_called_like_a_part_of_every_backend(name: str, refused: bool) -> None:
    order = entity(ORDER.replace("FIELD", "since"))
    reading = reading_of(order, COMMAND.replace("NAME", name))

    assert [each.code for each in reading.diagnostics] == (["TS0211"] if refused else [])
    assert reading.system is None or dict(modules(reading.system))
