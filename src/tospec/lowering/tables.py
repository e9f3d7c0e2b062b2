"""From entities to tables."""

from collections.abc import Iterable, Iterator

from tospec.ir.tables import (
    Check,
    Column,
    ColumnKind,
    CounterTable,
    ForeignKey,
    LengthCheck,
    LinkTable,
    RangeCheck,
    Role,
    Table,
    Unique,
    WordTable,
)
from tospec.lowering import naming
from tospec.lowering.fields import column_of
from tospec.lowering.indexes import column_name, index, indexes_of
from tospec.model import Entity, Field, FieldType, Generated, OnDelete, Relation
from tospec.model import Unique as UniqueRule

_TEXTS = frozenset(
    (FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.SLUG)
)
_NUMBERS = frozenset((FieldType.INT, FieldType.DECIMAL))
_OWN_ROLES = (Role.CREATED, Role.UPDATED, Role.VERSION)


def table_of(entity: Entity) -> Table:
    """Return the table that holds an entity's rows."""
    name = naming.table_name(entity.name)
    uniques = tuple(_unique(entity, name, unique) for unique in entity.unique)
    return Table(
        name=name,
        columns=_columns(entity),
        checks=tuple(_checks(name, entity.fields)),
        references=tuple(
            reference(name, relation) for relation in entity.relations if not relation.many
        ),
        uniques=uniques,
        indexes=indexes_of(entity, name, uniques),
    )


def link_tables(entity: Entity) -> tuple[LinkTable, ...]:
    """Return the tables of an entity's relations to many, in the spec's order."""
    return tuple(_link_table(entity, relation) for relation in entity.relations if relation.many)


def counter_tables(entity: Entity) -> tuple[CounterTable, ...]:
    """Return the tables that count an entity's sequences."""
    return tuple(
        _counter_table(entity, field)
        for field in entity.fields
        if field.generated is Generated.SEQUENCE
    )


def word_table(entity: Entity) -> WordTable | None:
    """Return the table of the words that an entity's rows are found by; None without a search."""
    if not entity.listing.search:
        return None
    name = naming.word_table_name(entity.name)
    own = naming.reference_column(naming.entity_names(entity.name).singular)
    return WordTable(
        name=name,
        own=_foreign_key(name, own, naming.table_name(entity.name), cascade=True),
        fields=entity.listing.search,
        index=index(name, ("word", own)),
    )


def reference(table: str, relation: Relation) -> ForeignKey:
    """Return the foreign key of a relation to one."""
    return _foreign_key(
        table,
        naming.reference_column(relation.name),
        naming.table_name(relation.to),
        cascade=relation.on_delete is OnDelete.CASCADE,
    )


def _columns(entity: Entity) -> tuple[Column, ...]:
    fields = [column_of(entity, field) for field in _without_deleted(entity)]
    references = [_reference_column(r) for r in entity.relations if not r.many]
    own = [column for role in _OWN_ROLES for column in fields if column.role is role]
    described = [c for c in fields if c.role is Role.FIELD]
    state = [column for column in described if column.name == entity.state_field]
    plain = [column for column in described if column.name != entity.state_field]
    return (*_identity(), *plain, *state, *references, *own, *_deleted(entity))


def _without_deleted(entity: Entity) -> Iterator[Field]:
    return (f for f in entity.fields if not (entity.soft_delete and f.name == "deleted_at"))


def _identity() -> tuple[Column, Column]:
    return (
        Column(name="id", kind=ColumnKind.ID, nullable=False, role=Role.ID),
        Column(name="tenant_id", kind=ColumnKind.ID, nullable=False, role=Role.TENANT),
    )


def _deleted(entity: Entity) -> tuple[Column, ...]:
    column = Column(name="deleted_at", kind=ColumnKind.TIMESTAMP, nullable=True, role=Role.DELETED)
    return (column,) if entity.soft_delete else ()


def _reference_column(relation: Relation) -> Column:
    return Column(
        name=naming.reference_column(relation.name),
        kind=ColumnKind.ID,
        nullable=relation.optional,
        role=Role.REFERENCE,
    )


def _checks(table: str, fields: Iterable[Field]) -> Iterator[Check]:
    for field in fields:
        if field.type in _TEXTS and field.length is not None:
            low, high = field.length
            name = _check_name(table, f"{field.name}_length")
            yield LengthCheck(name=name, column=field.name, minimum=low, maximum=high)
        if field.type in _NUMBERS and field.range is not None:
            least, greatest = field.range
            name = _check_name(table, f"{field.name}_range")
            yield RangeCheck(name=name, column=field.name, minimum=least, maximum=greatest)


def _check_name(table: str, suffix: str) -> str:
    prefix = f"ck_{table}_"
    return naming.shortened(suffix, naming.LONGEST_IDENTIFIER - len(prefix))


def _foreign_key(table: str, column: str, target: str, *, cascade: bool) -> ForeignKey:
    name = naming.shortened(f"fk_{table}_tenant_id_{column}")
    return ForeignKey(name=name, column=column, table=target, cascade=cascade)


def _unique(entity: Entity, table: str, unique: UniqueRule) -> Unique:
    columns = tuple(column_name(entity, name) for name in unique.fields)
    texts = {field.name for field in entity.fields if field.type in _TEXTS}
    folded = frozenset(columns) & texts if unique.ignore_case else frozenset()
    is_index = bool(folded) or entity.soft_delete
    named = columns if is_index else ("tenant_id", *columns)
    return Unique(
        name=naming.shortened("_".join(("uq", table, *named))),
        columns=columns,
        fields=columns,
        folded=folded,
        only_alive=entity.soft_delete,
    )


def _link_table(entity: Entity, relation: Relation) -> LinkTable:
    name = naming.link_table_name(entity.name, relation.name)
    own, other = naming.link_columns(entity.name, relation.name, relation.to)
    return LinkTable(
        name=name,
        field=naming.link_field(relation.name),
        own=_foreign_key(name, own, naming.table_name(entity.name), cascade=True),
        other=_foreign_key(name, other, naming.table_name(relation.to), cascade=True),
        index=index(name, (other,)),
    )


def _counter_table(entity: Entity, field: Field) -> CounterTable:
    name = naming.counter_table_name(entity.name, field.name)
    within = entity.relation(field.per) if field.per else None
    return CounterTable(
        name=name,
        field=field.name,
        within=None
        if within is None
        else _foreign_key(
            name,
            naming.reference_column(within.name),
            naming.table_name(within.to),
            cascade=True,
        ),
    )
