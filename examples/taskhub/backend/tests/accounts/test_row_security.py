"""The database is a second wall, and a sign-in sees no more than it needs."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.authorization.permissions import FOUNDER
from app.core.errors import NotFoundError
from app.core.ids import TenantId
from app.db.accounts_security import LOOKUP_COLUMNS
from app.db.engine import Database
from app.db.migration import owner_engine
from app.db.transactions import MissingTenantError
from app.models.audit_entry import audit_entries
from app.models.tenant import tenants
from app.models.user import users
from app.repositories.account_lookup import AccountLookup
from app.security.secrets import digest_of
from tests.accounts.people import Person, Service
from tests.requirements import TENANCY

pytestmark = pytest.mark.requirement(*TENANCY)

TABLES = ("tenants", "users", "invitations", "refresh_tokens", "audit_entries")


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder()


@pytest.fixture
async def owner(accounts_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection of whoever owns the tables."""
    engine = owner_engine(accounts_url)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


@pytest.fixture
def postgresql(on_postgresql: bool) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has no row-level security")


async def test_accounts_are_found_before_a_tenant_is_known(
    database: Database, founder: Person
) -> None:
    async with database.begin_accounts(read_only=True) as transaction:
        lookup = AccountLookup(transaction)
        found = await lookup.credentials(founder.email)
        token = await lookup.refresh_token(digest_of(founder.tokens["refresh_token"]))
        nobody = await lookup.credentials("nobody@example.org")

    assert found is not None
    assert token is not None
    assert (found.user_id, found.tenant_id, nobody) == (founder.id, founder.tenant_id, None)
    assert token.tenant_id == founder.tenant_id
    assert found.password_hash not in repr(found)


@pytest.mark.parametrize("table", [tenants, audit_entries], ids=str)
async def test_a_sign_in_reads_no_other_table(database: Database, table: object) -> None:
    with pytest.raises(MissingTenantError):
        async with database.begin_accounts() as transaction:
            await transaction.all(select(table))


async def test_other_work_without_a_tenant_reads_no_accounts(database: Database) -> None:
    with pytest.raises(MissingTenantError):
        async with database.begin_global() as transaction:
            await transaction.all(select(users.c.id))


@pytest.mark.usefixtures("postgresql")
async def test_every_table_has_forced_policies(owner: AsyncConnection) -> None:
    for table in TABLES:
        name = {"name": table}
        secured = await owner.execute(
            text("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = :name"),
            name,
        )
        assert tuple(secured.one()) == (True, True), table
        policies = await owner.execute(
            text(
                "SELECT qual, with_check FROM pg_policies WHERE tablename = :name"
                " AND policyname IN ('tenant_isolation', 'own_tenant')"
            ),
            name,
        )
        [(using, check)] = policies.all()
        assert using == check is not None


@pytest.mark.usefixtures("postgresql")
@pytest.mark.parametrize("table", TABLES)
async def test_a_statement_without_filter_sees_one_tenant(
    service: Service, database: Database, founder: Person, table: str
) -> None:
    stranger = await service.founder()
    for person in (founder, stranger):
        column = "id" if table == "tenants" else "tenant_id"
        async with database.read(person.tenant_id) as transaction:
            found = await transaction.all(text(f"SELECT DISTINCT {column} FROM {table}"))
        assert {row[0] for row in found} <= {person.tenant_id}
        if table != "invitations":
            assert found


@pytest.mark.usefixtures("postgresql")
async def test_no_row_is_written_for_another_tenant(
    service: Service, database: Database, founder: Person
) -> None:
    stranger = await service.founder()
    moved = text("UPDATE users SET tenant_id = :tenant").bindparams(tenant=stranger.tenant_id)

    with pytest.raises(NotFoundError):
        async with database.begin(founder.tenant_id) as transaction:
            await transaction.execute(moved)

    assert await count(database, founder.tenant_id) == 1


async def count(database: Database, tenant_id: TenantId) -> int:
    async with database.read(tenant_id) as transaction:
        found = await transaction.all(select(users.c.id).where(users.c.tenant_id == tenant_id))
    return len(found)


@pytest.mark.usefixtures("postgresql")
@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("SELECT password_hash FROM users", True),
        ("SELECT name FROM users", False),
        ("SELECT * FROM users", False),
        (f"UPDATE users SET role = '{FOUNDER}'", False),
        ("DELETE FROM users", False),
        ("SELECT token_hash FROM refresh_tokens", True),
        ("SELECT family_id FROM refresh_tokens", False),
        ("UPDATE refresh_tokens SET revoked_at = now()", False),
        ("SELECT token_hash FROM invitations", True),
        ("SELECT email FROM invitations", False),
        ("SELECT count(*) FROM sign_in_attempts", True),
        ("DELETE FROM sign_in_attempts", False),
        ("SELECT count(*) FROM tenants", False),
        ("SELECT count(*) FROM audit_entries", False),
    ],
)
async def test_what_the_accounts_role_may_do(
    database: Database, founder: Person, statement: str, allowed: bool
) -> None:
    assert await count(database, founder.tenant_id) == 1
    try:
        async with database.begin_accounts() as transaction:
            await transaction.execute(text(statement))
    except NotFoundError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.usefixtures("postgresql")
async def test_the_service_itself_reads_no_attempts(database: Database, founder: Person) -> None:
    with pytest.raises(NotFoundError):
        async with database.begin(founder.tenant_id) as transaction:
            await transaction.execute(text("SELECT count(*) FROM sign_in_attempts"))


def test_a_lookup_reads_no_more_than_named() -> None:
    assert {name: len(columns) for name, columns in LOOKUP_COLUMNS.items()} == {
        "users": 5,
        "refresh_tokens": 3,
        "invitations": 2,
    }
