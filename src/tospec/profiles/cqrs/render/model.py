"""`app/models/<entity>.py`: enums, lifecycle, the immutable value of a row, tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.ir.entities import Entity, Lifecycle, Transition
from tospec.ir.sql import sql_name
from tospec.ir.tables import (
    Check,
    CounterTable,
    EnumType,
    ForeignKey,
    Index,
    LengthCheck,
    LinkTable,
    Role,
    Table,
    Unique,
    WordTable,
)
from tospec.profiles.cqrs.render.columns import declaration, indexed, python_type
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.prose import entity_header, enum_about
from tospec.python import (
    Code,
    attribute,
    class_name,
    docstring,
    fill,
    identifier,
    join,
    literal,
    module,
    sentence,
    symbol,
)

_METADATA = "app.db.metadata"
_LINKS = "app.db.links"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Enum:
    type: Code
    docstring: Code
    members: tuple[tuple[Code, Code], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lifecycle:
    constant: Code
    type: Code
    transitions: tuple[tuple[Code, Code], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    """A table: its variable, and what stands in its declaration."""

    variable: Code
    value: Code


def render_model(entity: Entity, path: str) -> str:
    """Return the module of an entity's model and tables."""
    body = TEMPLATES.render(
        "model.py.j2",
        artifact=path,
        enums=[_enum(entity, enum) for enum in entity.enums],
        lifecycle=_lifecycle(entity.lifecycle) if entity.lifecycle else None,
        type=class_name(entity.names.singular),
        docstring=docstring(
            sentence(entity.description or f"{entity.names.a_noun}.".capitalize()), indent=4
        ),
        fields=list(_fields(entity)),
        table=identifier(entity.table.name),
        table_name=literal(entity.table.name),
        items=list(_items(entity.table)),
        others=[
            *map(_link_table, entity.links),
            *map(_counter_table, entity.counters),
            *map(_word_table, (entity.words,) if entity.words else ()),
        ],
    )
    return module(entity_header(entity), body, artifact=path)


def _enum(entity: Entity, enum: EnumType) -> _Enum:
    return _Enum(
        type=_enum_class(enum),
        docstring=docstring(enum_about(entity.names, enum), indent=4),
        members=tuple((Code(name), literal(value)) for name, value in enum.members),
    )


def _lifecycle(lifecycle: Lifecycle) -> _Lifecycle:
    return _Lifecycle(
        constant=Code(lifecycle.constant),
        type=_enum_class(lifecycle.enum),
        transitions=tuple(_transition(lifecycle, each) for each in lifecycle.transitions),
    )


def _transition(lifecycle: Lifecycle, transition: Transition) -> tuple[Code, Code]:
    enum = _enum_class(lifecycle.enum)
    sources = join(", ", (fill("{}.{}", enum, Code(name)) for name in transition.sources))
    target = fill("{}.{}", enum, Code(transition.target))
    return literal(transition.name), fill("Transition(frozenset({{{}}}), {})", sources, target)


def _enum_class(enum: EnumType) -> Code:
    return Code(enum.type)


def _fields(entity: Entity) -> Iterator[tuple[Code, Code]]:
    for column in entity.table.columns:
        yield attribute(column.name), python_type(column, _enum_class)
    for computed in entity.computed:
        yield attribute(computed.name), computed.type
    for link in entity.links:
        yield attribute(link.field), fill("tuple[{}, ...]", symbol("uuid", "UUID"))


def _items(table: Table) -> Iterator[Code]:
    yield from _columns(table)
    yield from map(_check, table.checks)
    yield from map(_reference, table.references)
    yield from map(_unique, table.uniques)
    yield from map(_index, table.indexes)


def _columns(table: Table) -> Iterator[Code]:
    own = {Role.ID, Role.TENANT, Role.CREATED, Role.UPDATED, Role.VERSION, Role.DELETED}
    yield from (declaration(c, _enum_class) for c in table.columns if c.role not in own)
    if table.has(Role.CREATED):
        yield fill("*{}()", symbol(_METADATA, "timestamps"))
    if table.has(Role.VERSION):
        yield fill("{}()", symbol(_METADATA, "version_column"))
    yield from (declaration(c, _enum_class) for c in table.columns if c.role is Role.DELETED)


def _check(check: Check) -> Code:
    plain = check.name == f"{check.column}_length" and sql_name(check.column) == check.column
    if isinstance(check, LengthCheck) and plain:
        limits = join(", ", map(literal, (check.column, check.minimum, check.maximum)))
        return fill("{}({})", symbol(_METADATA, "text_length"), limits)
    return fill(
        "{}({}, name={})",
        symbol("sqlalchemy", "CheckConstraint"),
        literal(check.condition),
        literal(check.name),
    )


def _reference(key: ForeignKey) -> Code:
    parts = [literal(key.column), literal(key.table)]
    if key.cascade:
        parts.append(Code('ondelete="CASCADE"'))
    return fill("{}({})", symbol(_METADATA, "reference"), join(", ", parts))


def _unique(unique: Unique) -> Code:
    if not unique.is_index:
        columns = join(", ", map(literal, unique.columns))
        return fill("{}({})", symbol(_METADATA, "unique"), columns)
    text = symbol("sqlalchemy", "text")
    parts = [literal(unique.name), literal("tenant_id")]
    for column in unique.columns:
        name = literal(f"lower({sql_name(column)})") if column in unique.folded else literal(column)
        parts.append(fill("{}({})", text, name) if column in unique.folded else name)
    parts.append(Code("unique=True"))
    if unique.only_alive:
        alive = fill("{}({})", text, literal("deleted_at IS NULL"))
        parts += [fill("postgresql_where={}", alive), fill("sqlite_where={}", alive)]
    fields = join(", ", map(literal, unique.fields))
    named = fill("({},)" if len(unique.fields) == 1 else "({})", fields)
    parts.append(fill("info={{{}: {}}}", symbol(_METADATA, "FIELDS"), named))
    return fill("{}({})", symbol("sqlalchemy", "Index"), join(", ", parts))


def _index(index: Index) -> Code:
    text = symbol("sqlalchemy", "text")
    keys = (indexed(key, text) for key in index.columns)
    parts = [literal(index.name), literal("tenant_id"), *keys]
    if index.only_deleted:
        deleted = fill("{}({})", text, literal("deleted_at IS NOT NULL"))
        parts += [fill("postgresql_where={}", deleted), fill("sqlite_where={}", deleted)]
    if index.holds_rank:
        parts.append(fill("info={{{}: True}}", symbol(_METADATA, "RANKED")))
    return fill("{}({})", symbol("sqlalchemy", "Index"), join(", ", parts))


def _link_table(link: LinkTable) -> _Declared:
    return _Declared(
        variable=identifier(link.name),
        value=fill(
            "{}({}, left={}, right={})",
            symbol(_LINKS, "link_table"),
            literal(link.name),
            literal((link.own.column, link.own.table)),
            literal((link.other.column, link.other.table)),
        ),
    )


def _counter_table(counter: CounterTable) -> _Declared:
    parts = [literal(counter.name)]
    if counter.within is not None:
        within = literal((counter.within.column, counter.within.table))
        parts.append(fill("within={}", within))
    value = fill("{}({})", symbol(_LINKS, "counter_table"), join(", ", parts))
    return _Declared(variable=identifier(counter.name), value=value)


def _word_table(words: WordTable) -> _Declared:
    value = fill(
        "{}({}, of={})",
        symbol("app.db.words", "word_table"),
        literal(words.name),
        literal((words.own.column, words.own.table)),
    )
    return _Declared(variable=identifier(words.name), value=value)
