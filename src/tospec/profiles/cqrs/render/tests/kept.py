"""`tests/kept/known.py`: what tests know about answers that are kept until rows change."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.ir.case_tables import CountedCase, EntityCases, KeptCase, Suite
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import factory, operation, tuple_of
from tospec.python import Code, fill, literal, module, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    arguments: tuple[tuple[Code, Code], ...]


def has_kept(suite: Suite) -> bool:
    """Whether answers are kept until rows change."""
    return any(entity.kept for entity in suite.entities)


def render_kept(suite: Suite, path: str) -> str:
    """Return the table of the kept answers."""
    answers = [
        _Kept(arguments=tuple(_arguments(entity, kept)))
        for entity in suite.entities
        for kept in entity.kept
    ]
    body = TEMPLATES.render("tests/kept.py.j2", artifact=path, answers=answers)
    return module("The operations whose answers are kept until rows change.", body, artifact=path)


def _arguments(entity: EntityCases, kept: KeptCase) -> Iterator[tuple[Code, Code]]:
    yield Code("name"), literal(kept.name)
    yield Code("operation"), operation(entity.names, kept.operation)
    yield Code("row"), literal(kept.row)
    yield Code("counted"), tuple_of(map(_counted, kept.counted))


def _counted(counted: CountedCase) -> Code:
    return fill(
        "{}(row={}, column={}, find={}, changes={})",
        symbol("tests.kept.kinds", "Counted"),
        literal(f"{counted.names.singular}_id"),
        literal(counted.column),
        factory(counted.names, "find"),
        tuple_of(operation(counted.names, each) for each in counted.changes),
    )
