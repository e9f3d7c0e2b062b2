"""Tables of entities."""

from decimal import Decimal

import pytest

from tests.lowering.specs import entity, lowered, zoo
from tospec.ir.tables import (
    Column,
    ColumnKind,
    ForeignKey,
    Index,
    LengthCheck,
    RangeCheck,
    Role,
    Table,
)
from tospec.lowering.data import data_of
from tospec.profiles.cqrs.places import CqrsPlaces

PLAIN = entity(
    """
entity: Thing
fields:
  name: {type: string, length: [1, 9]}
  other: {type: string}
"""
)


def table(*blocks: str, name: str = "Thing") -> Table:
    return lowered(*blocks).entity(name).table


def test_a_table_has_the_columns_of_all_and_its_own_in_order() -> None:
    found = table(PLAIN)
    assert found.name == "things"
    assert [column.name for column in found.columns] == [
        "id",
        "tenant_id",
        "name",
        "other",
        "created_at",
        "updated_at",
    ]
    assert [column.role for column in found.columns] == [
        Role.ID,
        Role.TENANT,
        Role.FIELD,
        Role.FIELD,
        Role.CREATED,
        Role.UPDATED,
    ]
    assert found.checks == (LengthCheck(name="name_length", column="name", minimum=1, maximum=9),)


def test_version_and_deletion_come_when_the_spec_says_so() -> None:
    text = PLAIN.replace("fields:", "concurrency: optimistic\ndelete: soft\nfields:")
    found = table(text)
    assert [column.name for column in found.columns][-4:] == [
        "created_at",
        "updated_at",
        "version",
        "deleted_at",
    ]
    assert not table(PLAIN).has(Role.VERSION)
    assert not table(PLAIN).has(Role.DELETED)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{type: string}", Column(name="x", kind=ColumnKind.STRING, nullable=False, length=255)),
        (
            "{type: string, length: [2, 7], default: ab}",
            Column(name="x", kind=ColumnKind.STRING, nullable=False, length=7, default="ab"),
        ),
        (
            "{type: text, length: [0, 9], optional: true}",
            Column(name="x", kind=ColumnKind.TEXT, nullable=True),
        ),
        ("{type: int}", Column(name="x", kind=ColumnKind.BIG_INT, nullable=False)),
        (
            "{type: int, range: [0, 2147483647], default: 0}",
            Column(name="x", kind=ColumnKind.INT, nullable=False, default=0),
        ),
        (
            "{type: int, range: [0, 2147483648]}",
            Column(name="x", kind=ColumnKind.BIG_INT, nullable=False),
        ),
        (
            "{type: decimal, digits: [12, 3]}",
            Column(name="x", kind=ColumnKind.DECIMAL, nullable=False, digits=(12, 3)),
        ),
        (
            "{type: bool, default: true}",
            Column(name="x", kind=ColumnKind.BOOL, nullable=False, default=True),
        ),
        ("{type: date}", Column(name="x", kind=ColumnKind.DATE, nullable=False)),
        ("{type: timestamp}", Column(name="x", kind=ColumnKind.TIMESTAMP, nullable=False)),
        ("{type: duration}", Column(name="x", kind=ColumnKind.DURATION, nullable=False)),
        ("{type: uuid}", Column(name="x", kind=ColumnKind.ID, nullable=False)),
        (
            "{type: email}",
            Column(name="x", kind=ColumnKind.STRING, nullable=False, length=254),
        ),
        (
            "{type: url}",
            Column(name="x", kind=ColumnKind.STRING, nullable=False, length=2048),
        ),
        ("{type: json}", Column(name="x", kind=ColumnKind.JSON, nullable=False)),
    ],
)
def test_each_type_of_field_has_its_column(field: str, expected: Column) -> None:
    found = table(entity(f"entity: Thing\nfields:\n  x: {field}"))
    assert found.column("x") == expected


def test_an_enum_has_a_class_and_members() -> None:
    found = lowered(
        entity("entity: Thing\nfields:\n  x: {type: enum, values: [a, b_c], default: b_c}")
    ).entity("Thing")
    [enum] = found.enums
    assert (enum.type, enum.members) == ("ThingX", (("A", "a"), ("B_C", "b_c")))
    assert found.table.column("x").default == "b_c"


def test_ranges_may_be_open() -> None:
    text = """
entity: Thing
fields:
  x: {type: int, range: [1, null]}
  y: {type: decimal, digits: [5, 2], range: [null, 1.5]}
"""
    found = table(entity(text))
    assert [check.condition for check in found.checks] == ["x >= 1", "y <= 1.5"]
    both = RangeCheck(name="z_range", column="z", minimum=Decimal(-1), maximum=Decimal(2))
    assert both.condition == "z BETWEEN -1 AND 2"


def test_relations_are_keys_within_the_tenant_and_can_be_searched() -> None:
    box = entity("entity: Box\nfields:\n  name: {type: string, length: [1, 9]}")
    text = """
entity: Thing
fields:
  name: {type: string, length: [1, 9]}
relations:
  box: {to: Box, inverse: things, on_delete: cascade}
  twin: {to: Thing, inverse: twins, optional: true, on_delete: set_null}
  maker: {to: User, generated: principal, inverse: things}
indexes:
  - [box, name]
"""
    found = table(box, entity(text))
    assert found.references == (
        ForeignKey(name="fk_things_tenant_id_box_id", column="box_id", table="boxes", cascade=True),
        ForeignKey(name="fk_things_tenant_id_twin_id", column="twin_id", table="things"),
        ForeignKey(name="fk_things_tenant_id_maker_id", column="maker_id", table="users"),
    )
    assert [found.column(f"{name}_id").nullable for name in ("box", "twin", "maker")] == [
        False,
        True,
        False,
    ]
    assert found.indexes[:3] == (
        Index(name="ix_things_box_id_name", columns=("box_id", "name")),
        Index(name="ix_things_twin_id", columns=("twin_id",)),
        Index(name="ix_things_maker_id", columns=("maker_id",)),
    )


def test_links_have_a_table_even_of_an_entity_with_itself() -> None:
    text = """
entity: Thing
fields:
  name: {type: string, length: [1, 9]}
relations:
  likes: {to: Thing, many: true, inverse: liked_by, max: 5}
  watchers: {to: User, many: true, inverse: watched, max: 5}
"""
    likes, watchers = lowered(entity(text)).entity("Thing").links
    assert (likes.name, likes.field, likes.own.column, likes.other.column) == (
        "thing_likes",
        "like_ids",
        "thing_id",
        "like_id",
    )
    assert (watchers.field, watchers.other.column, watchers.other.table) == (
        "watcher_ids",
        "user_id",
        "users",
    )
    assert all(key.cascade for key in (likes.own, likes.other, watchers.own, watchers.other))


def test_uniqueness_minds_case_and_deletion() -> None:
    text = """
entity: Thing
fields:
  name: {type: string, length: [1, 9]}
  size: {type: int, range: [0, 9]}
unique:
  - {fields: [name], ignore_case: true}
  - {fields: [name, size]}
"""
    folded, plain = table(entity(text)).uniques
    assert (folded.name, folded.is_index) == ("uq_things_name", True)
    assert folded.folded == {"name"}
    assert (plain.name, plain.is_index) == ("uq_things_tenant_id_name_size", False)
    kept = table(entity(text + "delete: soft\n")).uniques
    assert all(unique.only_alive and unique.is_index for unique in kept)


def test_all_names_fit_into_63_bytes_and_differ() -> None:
    model = data_of(zoo(), CqrsPlaces())
    names: list[str] = []
    for each in model.entities:
        found = each.table
        names += [found.name, f"uq_{found.name}_tenant_id_id", f"fk_{found.name}_tenant_id"]
        names += [f"ck_{found.name}_{check.name}" for check in found.checks]
        names += [key.name for key in found.references]
        names += [unique.name for unique in found.uniques]
        names += [index.name for index in found.indexes]
        for link in each.links:
            names += [link.name, link.own.name, link.other.name, link.index.name]
    assert [name for name in names if len(name.encode()) > 63] == []
    assert len(set(names)) == len(names)
    assert any("803923a5" in name or len(name) > 50 for name in names), "nothing was long"
