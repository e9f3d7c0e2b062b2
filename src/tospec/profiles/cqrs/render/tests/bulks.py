"""`tests/bulk/known.py`: what tests know about several changes in one request."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tospec.ir.case_tables import BulkCase, ChangeCase, EntityCases, Suite
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import (
    factory,
    joined_name,
    mapping,
    operation,
    roles,
    tuple_of,
)
from tospec.python import Code, constant, fill, join, literal, module, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bulk:
    constant: Code
    setter: Code
    members: Code | None
    arguments: tuple[tuple[Code, Code], ...]


def has_bulks(suite: Suite) -> bool:
    """Whether a spec has several changes in one request."""
    return any(entity.bulks for entity in suite.entities)


def render_bulks(suite: Suite, path: str) -> str:
    """Return the table of the bulks."""
    bulks = [_bulk(entity, bulk) for entity in suite.entities for bulk in entity.bulks]
    constants = tuple_of(bulk.constant for bulk in bulks)
    body = TEMPLATES.render("tests/bulks.py.j2", artifact=path, bulks=bulks, constants=constants)
    return module("The operations that make several changes.", body, artifact=path)


def _bulk(entity: EntityCases, bulk: BulkCase) -> _Bulk:
    members = (change.members for change in bulk.changes if change.members is not None)
    found = next(members, None)
    return _Bulk(
        constant=constant(bulk.function),
        setter=joined_name("set_by", bulk.function),
        members=None if found is None else mapping(found),
        arguments=tuple(_arguments(entity, bulk)),
    )


def _arguments(entity: EntityCases, bulk: BulkCase) -> Iterator[tuple[Code, Code]]:
    yield Code("name"), literal(bulk.name)
    yield Code("path"), literal(bulk.path)
    yield Code("roles"), roles(bulk.roles)
    yield Code("requirements"), literal(bulk.requirements)
    yield Code("most"), literal(bulk.most)
    yield Code("versioned"), literal(bulk.versioned)
    yield Code("find"), factory(entity.names, "find")
    yield Code("changes"), tuple_of(_change(entity, bulk, each) for each in bulk.changes)


def _change(entity: EntityCases, bulk: BulkCase, change: ChangeCase) -> Code:
    return fill("{}({})", symbol("tests.bulk.kinds", "Change"), _comma(_of(entity, bulk, change)))


def _of(entity: EntityCases, bulk: BulkCase, change: ChangeCase) -> Iterator[Code]:
    yield fill("do={}", literal(change.do))
    yield fill("operation={}", operation(entity.names, change.operation))
    if change.members is not None:
        yield fill("members={}", joined_name("set_by", bulk.function))
    if change.refused:
        yield fill("refused={}", roles(change.refused))


def _comma(parts: Iterable[Code]) -> Code:
    return join(", ", parts)
