"""Failed sign-ins in a row lock an account for a while, as often and as long as settings say."""

import asyncio
from datetime import timedelta

import pytest

from app.services.sign_in_guard import LockoutRules
from tests.accounts.people import Person, Service, new_email, new_password, outcome, refusal
from tests.conftest import HeldClock
from tests.requirements import ACCOUNTS

pytestmark = pytest.mark.requirement(*ACCOUNTS)

SECOND = timedelta(seconds=1)


async def fail(service: Service, email: str, times: int = 1) -> None:
    for _ in range(times):
        assert (await service.sign_in(email, new_password())).status_code == 401


@pytest.fixture
def rules(service: Service) -> LockoutRules:
    return service.accounts.lockout


@pytest.fixture
def several(rules: LockoutRules) -> None:
    if rules.failures == 1:
        pytest.skip("One failure locks an account.")


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder()


async def test_one_failure_less_does_not_lock(
    service: Service, founder: Person, rules: LockoutRules
) -> None:
    await fail(service, founder.email, rules.failures - 1)

    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


async def test_failures_lock_even_for_the_right_password(
    service: Service, founder: Person, rules: LockoutRules
) -> None:
    await fail(service, founder.email, rules.failures)

    response = await service.sign_in(founder.email, founder.password)

    assert outcome(response) == (429, "too-many-attempts")
    assert response.headers["retry-after"] == str(rules.duration // SECOND)
    assert [line["outcome"] for line in service.logged("sign_in")][-1] == "locked"


async def test_an_unknown_address_is_locked_alike(
    service: Service, founder: Person, rules: LockoutRules
) -> None:
    stranger = new_email()
    await fail(service, founder.email, rules.failures)
    await fail(service, stranger, rules.failures)

    known = await service.sign_in(founder.email, new_password())
    unknown = await service.sign_in(stranger, new_password())

    assert outcome(known) == (429, "too-many-attempts")
    assert refusal(known) == refusal(unknown)
    assert known.headers["retry-after"] == unknown.headers["retry-after"]


async def test_another_account_is_not_locked(
    service: Service, founder: Person, rules: LockoutRules
) -> None:
    other = await service.founder()
    await fail(service, founder.email, rules.failures)

    assert (await service.sign_in(other.email, other.password)).status_code == 200


async def test_somebody_signed_in_stays_so(
    service: Service, founder: Person, rules: LockoutRules
) -> None:
    await fail(service, founder.email, rules.failures)

    assert (await founder.get("/v1/me")).status_code == 200


async def test_a_lock_ends(
    service: Service, founder: Person, rules: LockoutRules, clock: HeldClock
) -> None:
    await fail(service, founder.email, rules.failures)

    clock.instant += rules.duration - SECOND
    early = await service.sign_in(founder.email, founder.password)
    clock.move(seconds=1)
    late = await service.sign_in(founder.email, founder.password)

    assert (early.status_code, early.headers["retry-after"]) == (429, "1")
    assert late.status_code == 200


async def test_a_lock_lasts_from_the_last_failure(
    service: Service, founder: Person, rules: LockoutRules, clock: HeldClock
) -> None:
    await fail(service, founder.email, rules.failures - 1)
    clock.instant += rules.window - SECOND
    await fail(service, founder.email)

    clock.instant += rules.duration - SECOND
    assert (await service.sign_in(founder.email, founder.password)).status_code == 429
    clock.move(seconds=1)
    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


@pytest.mark.usefixtures("several")
async def test_failures_further_apart_do_not_lock(
    service: Service, founder: Person, rules: LockoutRules, clock: HeldClock
) -> None:
    for _ in range(rules.failures + 3):
        await fail(service, founder.email)
        clock.instant += rules.window / (rules.failures - 1) + SECOND

    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


@pytest.mark.usefixtures("several")
async def test_a_failure_after_a_lock_does_not_lock_again(
    service: Service, founder: Person, rules: LockoutRules, clock: HeldClock
) -> None:
    await fail(service, founder.email, rules.failures)
    clock.instant += max(rules.duration, rules.window)
    await fail(service, founder.email)

    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


async def test_a_success_forgets_the_failures_before_it(
    service: Service, founder: Person, rules: LockoutRules
) -> None:
    await fail(service, founder.email, rules.failures - 1)
    await founder.sign_in()
    await fail(service, founder.email, rules.failures - 1)

    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


async def test_the_case_of_the_address_makes_no_second_account(
    service: Service, founder: Person, rules: LockoutRules
) -> None:
    await fail(service, founder.email, rules.failures - 1)
    await fail(service, founder.email.upper())

    assert (await service.sign_in(founder.email, founder.password)).status_code == 429


async def test_many_guesses_at_once_are_not_more_guesses(
    service: Service, founder: Person, rules: LockoutRules
) -> None:
    count = rules.failures + 25
    guesses = [service.sign_in(founder.email, new_password()) for _ in range(count)]
    statuses = [response.status_code for response in await asyncio.gather(*guesses)]

    assert 1 <= statuses.count(401) <= rules.failures
    assert statuses.count(401) + statuses.count(429) == count
