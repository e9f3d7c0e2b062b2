"""A session that stands is known for a while, and a change of it is noticed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy import update

from app.authorization.actor import Actor
from app.authorization.permissions import FOUNDER
from app.core.errors import AppError, TenantSuspendedError, UnauthenticatedError
from app.core.ids import TenantId, UserId, new_id
from app.core.settings import Settings
from app.db.engine import Database
from app.main import create_database
from app.models.refresh_token import refresh_tokens
from app.models.tenant import tenants
from app.models.user import users
from app.security.tokens import AccessClaims
from app.services import known_sessions
from app.services.authentication import Authentication
from app.services.known_sessions import KnownSessions
from tests.accounts.people import Person, Service
from tests.conftest import HeldClock
from tests.requirements import ACCOUNTS
from tests.roles import COLLEAGUE, of_two_roles

pytestmark = pytest.mark.requirement(*ACCOUNTS)

SECONDS = 2.0

type Change = Callable[[Database, Person], Awaitable[None]]


class Ticks:
    """A clock that tests put forward."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """Stands for the database, which lets everybody pass, and says how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, claims: AccessClaims) -> Actor:
        self.times += 1
        return Actor(
            user_id=claims.user_id,
            tenant_id=claims.tenant_id,
            role=FOUNDER,
            session_id=claims.session_id,
        )


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def known(ticks: Ticks) -> KnownSessions:
    return KnownSessions(SECONDS, clock=ticks)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def here(accounts_settings: Settings, clock: HeldClock) -> AsyncIterator[Database]:
    """The database, as the process under test has it."""
    database = create_database(accounts_settings, clock)
    yield database
    await database.close()


@pytest.fixture
async def authenticate(service: Service, here: Database, known: KnownSessions) -> Authentication:
    return Authentication(here, service.accounts.sessions.tokens, known)


def some_claims(tenant_id: UUID | None = None) -> AccessClaims:
    return AccessClaims(
        user_id=UserId(new_id()),
        tenant_id=TenantId(tenant_id or new_id()),
        session_id=new_id(),
    )


async def test_it_is_asked_about_again_when_its_time_is_up(
    known: KnownSessions, asked: Asked, ticks: Ticks
) -> None:
    claims = some_claims()
    actor = await known.find(claims, asked)
    ticks.now += SECONDS - 0.001

    assert await known.find(claims, asked) == actor
    assert asked.times == 1
    ticks.now += 0.001
    assert await known.find(claims, asked) == actor
    assert asked.times == 2


async def test_its_time_runs_from_the_question(
    known: KnownSessions, asked: Asked, ticks: Ticks
) -> None:
    async def slow(claims: AccessClaims) -> Actor:
        ticks.now += SECONDS
        return await asked(claims)

    claims = some_claims()
    await known.find(claims, slow)
    await known.find(claims, slow)

    assert asked.times == 2


async def test_claims_that_differ_are_another_session(known: KnownSessions, asked: Asked) -> None:
    claims, other = some_claims(), some_claims()
    mixed = AccessClaims(
        user_id=other.user_id, tenant_id=claims.tenant_id, session_id=claims.session_id
    )
    for each in (claims, other, mixed):
        assert (await known.find(each, asked)).user_id == each.user_id

    assert asked.times == 3


async def test_with_no_time_each_request_asks(asked: Asked, ticks: Ticks) -> None:
    known, claims = KnownSessions(0, clock=ticks), some_claims()
    for _ in range(3):
        await known.find(claims, asked)

    assert asked.times == 3


async def test_a_refusal_is_not_known(known: KnownSessions, asked: Asked) -> None:
    async def refuse(_claims: AccessClaims) -> Actor:
        raise UnauthenticatedError

    claims = some_claims()
    with pytest.raises(UnauthenticatedError):
        await known.find(claims, refuse)

    await known.find(claims, asked)
    assert asked.times == 1


@pytest.mark.parametrize("everybody", [False, True])
async def test_a_change_ends_what_is_known_of_a_tenant(
    known: KnownSessions, asked: Asked, everybody: bool
) -> None:
    claims, other = some_claims(), some_claims()
    for each in (claims, other):
        await known.find(each, asked)
    known.forget(None if everybody else claims.tenant_id)
    for each in (claims, other):
        await known.find(each, asked)

    assert asked.times == (4 if everybody else 3)


async def test_what_was_asked_before_a_change_is_not_known_after_it(
    known: KnownSessions, asked: Asked
) -> None:
    claims = some_claims()

    async def overtaken(claims: AccessClaims) -> Actor:
        actor = await asked(claims)
        known.forget(claims.tenant_id)
        return actor

    await known.find(claims, overtaken)
    await known.find(claims, asked)

    assert asked.times == 2


async def test_there_is_an_end_to_what_is_known(
    known: KnownSessions, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_sessions, "MOST_KNOWN", 3)
    tenant = new_id()
    for _ in range(2):
        known.forget(TenantId(tenant))
        several = [some_claims(tenant) for _ in range(3)]
        for each in several * 2:
            await known.find(each, asked)
    assert asked.times == 6

    await known.find(some_claims(), asked)
    await known.find(several[0], asked)
    assert asked.times == 8


async def _signed_out(database: Database, person: Person) -> None:
    async with database.begin(person.tenant_id) as transaction:
        mine = update(refresh_tokens).where(refresh_tokens.c.user_id == person.id)
        await transaction.execute(mine.values(revoked_at=transaction.now))


async def _disabled(database: Database, person: Person) -> None:
    async with database.begin(person.tenant_id) as transaction:
        mine = update(users).where(users.c.id == person.id)
        await transaction.execute(mine.values(disabled_at=transaction.now))


async def _demoted(database: Database, person: Person) -> None:
    async with database.begin(person.tenant_id) as transaction:
        mine = update(users).where(users.c.id == person.id)
        await transaction.execute(mine.values(role=COLLEAGUE))


async def _suspended(database: Database, person: Person) -> None:
    async with database.begin(person.tenant_id) as transaction:
        mine = update(tenants).where(tenants.c.id == person.tenant_id)
        await transaction.execute(mine.values(suspended_at=transaction.now))


CHANGES = [
    pytest.param(_signed_out, UnauthenticatedError, id="signed-out"),
    pytest.param(_disabled, UnauthenticatedError, id="disabled"),
    pytest.param(_demoted, COLLEAGUE, id="demoted", marks=of_two_roles),
    pytest.param(_suspended, TenantSuspendedError, id="suspended"),
]


async def outcome(authenticate: Authentication, person: Person) -> object:
    """Return the role with which `person` is let in, or why they are not."""
    try:
        return (await authenticate(person.access_token)).role
    except AppError as refusal:
        return type(refusal)


@pytest.mark.parametrize(("change", "after"), CHANGES)
async def test_a_change_of_this_process_counts_at_once(
    service: Service, here: Database, authenticate: Authentication, change: Change, after: object
) -> None:
    founder, stranger = await service.founder(), await service.founder()
    for person in (founder, stranger):
        assert await outcome(authenticate, person) is FOUNDER

    await change(here, founder)

    assert await outcome(authenticate, founder) is after
    assert await outcome(authenticate, stranger) is FOUNDER


@pytest.mark.parametrize(("change", "after"), CHANGES)
async def test_a_change_of_another_process_counts_after_a_while(
    service: Service, authenticate: Authentication, ticks: Ticks, change: Change, after: object
) -> None:
    founder = await service.founder()
    assert await outcome(authenticate, founder) is FOUNDER

    await change(service.database, founder)

    assert await outcome(authenticate, founder) is FOUNDER
    ticks.now += SECONDS
    assert await outcome(authenticate, founder) is after


async def test_a_token_that_has_expired_is_refused_however_well_it_is_known(
    service: Service, authenticate: Authentication, clock: HeldClock
) -> None:
    founder = await service.founder()
    assert await outcome(authenticate, founder) is FOUNDER

    clock.move(seconds=founder.tokens["expires_in"])

    assert await outcome(authenticate, founder) is UnauthenticatedError


async def test_the_setting_says_how_long(
    service: Service, accounts_settings: Settings, here: Database, clock: HeldClock
) -> None:
    founder = await service.founder()
    settings = accounts_settings.model_copy(update={"session_check_interval": 0.0})
    authenticate = type(service.accounts).of(settings, here, clock).authentication
    assert await outcome(authenticate, founder) is FOUNDER

    await _signed_out(service.database, founder)

    assert await outcome(authenticate, founder) is UnauthenticatedError
