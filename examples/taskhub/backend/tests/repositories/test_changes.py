"""What one statement is asked when it changes a row: what must hold, and what the row becomes."""

import pytest
from sqlalchemy import ColumnElement, FromClause

from app.core.errors import ConcurrentUpdateError, NotFoundError, RuleError
from app.core.ids import TenantId
from app.db.engine import Database
from app.db.rules import Rule
from app.db.subqueries import any_of, count_of, reads_other_rows, refers
from tests.repositories.notes import (
    NoteRepository,
    children,
    note_tags,
    notes,
    parent_title,
    tagged,
)
from tests.repositories.test_entities import note, tag


class FirstError(RuleError):
    slug = "first"
    code = "FIRST"


class SecondError(RuleError):
    slug = "second"
    code = "SECOND"


def alike(row: FromClause = notes) -> ColumnElement[int]:
    """Count the notes of a size, the row among them."""
    other = notes.alias()
    return count_of(other, other.c.tenant_id == row.c.tenant_id, other.c.size == row.c.size)


def tagged_alike(row: FromClause = notes) -> ColumnElement[bool]:
    """Hold where a tag of the row has a note, which may be the row."""
    own, link, other = note_tags.alias(), note_tags.alias(), notes.alias()
    again = any_of(other, refers(link, "note_id", to=other), other.c.size == 8)
    return any_of(
        own, refers(own, "note_id", to=row), any_of(link, link.c.tag_id == own.c.tag_id, again)
    )


def tagged_children(row: FromClause = notes) -> ColumnElement[int]:
    child, link = notes.alias(), note_tags.alias()
    has_tag = any_of(link, refers(link, "note_id", to=child))
    return count_of(child, refers(child, "parent_id", to=row), has_tag)


def grandchildren(row: FromClause = notes) -> ColumnElement[int]:
    child, grandchild = notes.alias(), notes.alias()
    has_some = any_of(grandchild, refers(grandchild, "parent_id", to=child))
    return count_of(child, refers(child, "parent_id", to=row), has_some)


async def test_what_is_required_holds_of_the_row_before(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        stored = await note(transaction, tenant, "a")
        changed = await NoteRepository(transaction).update(
            stored,
            {"size": 8},
            tenant_id=tenant,
            required=[Rule(notes.c.size == 7, FirstError)],
            rules=[Rule(notes.c.size == 8, SecondError)],
        )
    assert changed.size == 8


async def test_the_first_rule_required_that_does_not_hold_is_told(
    database: Database, tenant: TenantId
) -> None:
    fine = Rule(notes.c.size == 7, NotFoundError)
    unknown = Rule(notes.c.parent_id != notes.c.id, FirstError)
    wrong = Rule(notes.c.size == 8, SecondError)
    async with database.begin(tenant) as transaction:
        stored = await note(transaction, tenant, "a")
        repository = NoteRepository(transaction)
        for required, error in (([fine, unknown, wrong], FirstError), ([wrong], SecondError)):
            with pytest.raises(error):
                await repository.update(stored, {"size": 9}, tenant_id=tenant, required=required)
        assert await repository.get(stored.id, tenant_id=tenant) == stored


async def test_an_old_version_is_told_after_the_rules(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        old = await note(transaction, tenant, "a")
        repository = NoteRepository(transaction)
        await repository.update(old, {"size": 8}, tenant_id=tenant)
        with pytest.raises(FirstError):
            await repository.update(
                old, {}, tenant_id=tenant, required=[Rule(notes.c.size == 7, FirstError)]
            )
        with pytest.raises(ConcurrentUpdateError):
            await repository.update(
                old, {}, tenant_id=tenant, required=[Rule(notes.c.size == 8, FirstError)]
            )


async def test_what_is_required_is_asked_before_links_change(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        stored = await note(transaction, tenant, "a")
        with pytest.raises(FirstError):
            await NoteRepository(transaction).update(
                stored, {"tag_ids": []}, tenant_id=tenant, required=[Rule(tagged("x"), FirstError)]
            )


@pytest.mark.parametrize(("size", "allowed"), [(8, False), (9, True)])
async def test_a_rule_that_counts_the_row_itself_counts_it_as_it_becomes(
    database: Database, tenant: TenantId, size: int, allowed: bool
) -> None:
    alone = Rule(alike() == 1, FirstError)
    async with database.begin(tenant) as transaction:
        await note(transaction, tenant, "other", size=8)
        stored = await note(transaction, tenant, "a")
        update = NoteRepository(transaction).update(
            stored, {"size": size}, tenant_id=tenant, rules=[alone]
        )
        if allowed:
            assert (await update).size == size
        else:
            with pytest.raises(FirstError):
                await update


@pytest.mark.parametrize(("size", "allowed"), [(8, False), (9, True)])
async def test_a_rule_that_counts_a_new_row_counts_it(
    database: Database, tenant: TenantId, size: int, allowed: bool
) -> None:
    alone = Rule(alike() == 1, FirstError)
    async with database.begin(tenant) as transaction:
        await note(transaction, tenant, "other", size=8)
        values = {"title": "a", "size": size}
        insert = NoteRepository(transaction).insert(values, tenant_id=tenant, rules=[alone])
        if allowed:
            assert (await insert).size == size
        else:
            with pytest.raises(FirstError):
                await insert


async def test_a_new_row_is_told_with_its_links_and_its_place_in_a_tree(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        tags = [(await tag(transaction, tenant, name)).id for name in "xy"]
        plain = await note(transaction, tenant, "plain")
        placed = await note(transaction, tenant, "placed", parent_id=plain.id)
        linked = await note(transaction, tenant, "linked", tag_ids=tags)
        repository = NoteRepository(transaction)
        read = [await repository.get(each.id, tenant_id=tenant) for each in (placed, linked)]
    assert (plain.children, plain.parent_title, plain.tag_ids) == (0, None, ())
    assert (placed.parent_title, linked.tag_ids) == ("plain", tuple(sorted(tags)))
    assert [placed, linked] == read


async def test_a_rule_of_a_new_row_is_asked_of_it(database: Database, tenant: TenantId) -> None:
    small, childless = Rule(notes.c.size < 9, FirstError), Rule(children() == 0, SecondError)
    async with database.begin(tenant) as transaction:
        repository = NoteRepository(transaction)
        rules = [childless, small]
        stored = await repository.insert({"title": "a"}, tenant_id=tenant, rules=rules)
        assert stored.size == 7
        with pytest.raises(FirstError):
            await repository.insert({"title": "b", "size": 9}, tenant_id=tenant, rules=rules)


async def test_a_change_tells_computed_values_as_they_are_then(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        parent = await note(transaction, tenant, "parent")
        child = await note(transaction, tenant, "child", parent_id=parent.id)
        repository = NoteRepository(transaction)
        renamed = await repository.update(parent, {"title": "renamed"}, tenant_id=tenant)
        grown = await repository.update(child, {"size": 8}, tenant_id=tenant)
        read = [await repository.get(each.id, tenant_id=tenant) for each in (parent, child)]
    assert (renamed.children, grown.parent_title) == (1, "renamed")
    assert [renamed, grown] == read


@pytest.mark.parametrize("value", [children(), parent_title(), tagged("x"), tagged_children()])
def test_neighbours_in_a_tree_are_other_rows(value: ColumnElement[object]) -> None:
    assert reads_other_rows(value, notes, ["parent_id"])


@pytest.mark.parametrize(
    ("value", "trees"),
    [
        (children(), []),
        (parent_title(), []),
        (alike(), ["parent_id"]),
        (tagged_alike(), ["parent_id"]),
        (grandchildren(), ["parent_id"]),
    ],
    ids=["below, without a tree", "above, without a tree", "alike", "over links", "two steps"],
)
def test_of_any_other_way_back_it_is_not_known(
    value: ColumnElement[object], trees: list[str]
) -> None:
    assert not reads_other_rows(value, notes, trees)
