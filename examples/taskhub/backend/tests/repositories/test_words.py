"""The search for words, against what it means said in Python."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Text, select

from app.core.ids import TenantId
from app.core.words import words_of
from app.db.engine import Database
from app.db.metadata import tenant_table
from app.db.transactions import Transaction
from app.db.types import UtcDateTime
from app.db.words import word_table
from app.models.base import Entity
from app.repositories.searching import Searched, SearchedRepository
from app.schemas.page import PageRequest, SortKey
from tests.repositories.notes import tables

HOSTILE = (
    "bug",
    "BUG",
    "bu",
    "ug",
    "bug crash",
    "crash bug bug",
    "bug absent",
    "title body",
    '"bug crash"',
    "bug*",
    "*",
    "NEAR(bug crash, 1)",
    "bug OR absent",
    "bug NOT crash",
    "title:bug",
    "-bug",
    "^bug",
    "bug & crash | !absent",
    "bug:*",
    "%",
    "b%g",
    "_",
    "\\",
    "'; --",
    "ärger",
    "ARGER",
    "été",
    "שלום",
    "日",
    "本日",
    "👍",
    "🦊 bug",
    "a" * 200,
    " ".join("abcdefghijklmnopqrstuvwxyz"),
    "",
    " ",
)

pages = tenant_table(
    "pages",
    Column("title", Text(), nullable=False),
    Column("body", Text(), nullable=True),
    Column("deleted_at", UtcDateTime(), nullable=True),
    into=tables,
)
page_words = word_table("page_words", of=("page_id", "pages"), into=tables)


class Page(Entity, frozen=True):
    id: UUID
    tenant_id: TenantId
    title: str
    body: str | None
    deleted_at: datetime | None


class PageRepository(SearchedRepository[Page]):
    table = pages
    model = Page
    searched = Searched(fields=("title", "body"), table=page_words, own="page_id")


async def store(
    transaction: Transaction, tenant: TenantId, title: str, body: str | None = None
) -> Page:
    values = {"title": title, "body": body}
    return await PageRepository(transaction).insert(values, tenant_id=tenant)


async def find(transaction: Transaction, tenant: TenantId, sought: str | None) -> set[str]:
    request = PageRequest(limit=200, sort=(SortKey("title"),))
    found = await PageRepository(transaction).filtered(request, {}, {"q": sought}, tenant_id=tenant)
    return {each.title for each in found.items}


def expected(rows: Iterable[Page], sought: str) -> set[str]:
    """What a search finds: every word begins some word of the row, and there is a word."""
    wanted = words_of(sought)
    return {
        row.title
        for row in rows
        if wanted
        and all(
            any(word.startswith(each) for word in words_of(row.title, row.body)) for each in wanted
        )
    }


async def test_a_row_is_found_by_the_beginnings_of_its_words(
    database: Database, tenant: TenantId
) -> None:
    texts = [*HOSTILE, "Bugs and a crash", "title", "Ärger im été", "日本", "שָׁלוֹם"]
    async with database.begin(tenant) as transaction:
        rows = [
            await store(transaction, tenant, f"{text} {number}", None if number % 2 else "body")
            for number, text in enumerate(texts)
        ]
        for sought in HOSTILE:
            assert await find(transaction, tenant, sought) == expected(rows, sought), sought


async def test_any_text_finds_what_its_words_say(database: Database, tenant: TenantId) -> None:
    signs = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    some = st.text(st.one_of(st.sampled_from("ab ÄéßI-*\"'日ー１ﬁ"), signs), max_size=30)
    drawn: list[tuple[str, str]] = []

    # The database is asked once all are drawn: what draws them does not wait.
    @settings(
        max_examples=60,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.nested_given],
        database=None,
    )
    @given(some, some)
    def draw(text: str, sought: str) -> None:
        drawn.append((text, sought))

    draw()
    async with database.begin(tenant) as transaction:
        rows = [
            await store(transaction, tenant, f"{number}", text)
            for number, (text, _) in enumerate(drawn)
        ]
        for text, sought in drawn:
            for each in (sought, text, text[: len(text) // 2]):
                assert await find(transaction, tenant, each) == expected(rows, each), each


async def test_what_was_not_asked_for_leaves_nothing_out(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        await store(transaction, tenant, "any")
        assert await find(transaction, tenant, None) == {"any"}


async def test_a_change_is_found_at_once_and_what_was_there_no_more(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        row = await store(transaction, tenant, "first", "kept")
        repository = PageRepository(transaction)
        await repository.update(row, {"title": "second"}, tenant_id=tenant)

        assert await find(transaction, tenant, "first") == set()
        assert await find(transaction, tenant, "second kept") == {"second"}


async def test_deleted_rows_are_not_found(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        row = await store(transaction, tenant, "gone")
        await PageRepository(transaction).delete(row.id, tenant_id=tenant)

        assert await find(transaction, tenant, "gone") == set()


async def test_another_tenant_finds_nothing(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        await store(transaction, tenant, "ours")
    async with database.begin(other_tenant) as transaction:
        assert await find(transaction, other_tenant, "ours") == set()
        if database.dialect == "postgresql":
            assert await transaction.all(select(page_words)) == []


@pytest.mark.parametrize("length", [20_000])
async def test_a_long_text_has_all_its_words(
    database: Database, tenant: TenantId, length: int
) -> None:
    body = " ".join(f"w{number}x" for number in range(length // 4))
    async with database.begin(tenant) as transaction:
        await store(transaction, tenant, "long", body)

        assert await find(transaction, tenant, f"w{length // 4 - 1}x w0x") == {"long"}
