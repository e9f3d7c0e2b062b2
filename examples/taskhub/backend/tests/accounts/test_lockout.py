"""REQ-002: five failed sign-ins within 15 minutes lock an account for 15 minutes."""

import asyncio

import pytest

from tests.accounts.people import Person, Service, new_email, new_password, outcome, refusal
from tests.conftest import HeldClock


async def fail(service: Service, email: str, times: int = 1) -> None:
    for _ in range(times):
        assert (await service.sign_in(email, new_password())).status_code == 401


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder()


async def test_four_failures_do_not_lock(service: Service, founder: Person) -> None:
    await fail(service, founder.email, 4)

    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


async def test_five_failures_lock_even_for_the_right_password(
    service: Service, founder: Person
) -> None:
    await fail(service, founder.email, 5)

    response = await service.sign_in(founder.email, founder.password)

    assert outcome(response) == (429, "too-many-attempts")
    assert response.headers["retry-after"] == "900"
    assert [line["outcome"] for line in service.logged("sign_in")][-1] == "locked"


async def test_an_unknown_address_is_locked_alike(service: Service, founder: Person) -> None:
    stranger = new_email()
    await fail(service, founder.email, 5)
    await fail(service, stranger, 5)

    known = await service.sign_in(founder.email, new_password())
    unknown = await service.sign_in(stranger, new_password())

    assert outcome(known) == (429, "too-many-attempts")
    assert refusal(known) == refusal(unknown)
    assert known.headers["retry-after"] == unknown.headers["retry-after"]


async def test_another_account_is_not_locked(service: Service, founder: Person) -> None:
    other = await service.founder()
    await fail(service, founder.email, 5)

    assert (await service.sign_in(other.email, other.password)).status_code == 200


async def test_somebody_signed_in_stays_so(service: Service, founder: Person) -> None:
    await fail(service, founder.email, 5)

    assert (await founder.get("/v1/me")).status_code == 200


async def test_a_lock_ends_after_15_minutes(
    service: Service, founder: Person, clock: HeldClock
) -> None:
    await fail(service, founder.email, 5)

    clock.move(minutes=14, seconds=59)
    early = await service.sign_in(founder.email, founder.password)
    clock.move(seconds=1)
    late = await service.sign_in(founder.email, founder.password)

    assert (early.status_code, early.headers["retry-after"]) == (429, "1")
    assert late.status_code == 200


async def test_a_lock_lasts_15_minutes_from_the_last_failure(
    service: Service, founder: Person, clock: HeldClock
) -> None:
    await fail(service, founder.email, 4)
    clock.move(minutes=14)
    await fail(service, founder.email)

    clock.move(minutes=14)
    assert (await service.sign_in(founder.email, founder.password)).status_code == 429
    clock.move(minutes=1)
    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


async def test_failures_further_apart_do_not_lock(
    service: Service, founder: Person, clock: HeldClock
) -> None:
    for _ in range(8):
        await fail(service, founder.email)
        clock.move(minutes=4)

    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


async def test_a_failure_after_a_lock_does_not_lock_again(
    service: Service, founder: Person, clock: HeldClock
) -> None:
    await fail(service, founder.email, 5)
    clock.move(minutes=15)
    await fail(service, founder.email)

    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


async def test_a_success_forgets_the_failures_before_it(service: Service, founder: Person) -> None:
    await fail(service, founder.email, 4)
    await founder.sign_in()
    await fail(service, founder.email, 4)

    assert (await service.sign_in(founder.email, founder.password)).status_code == 200


async def test_the_case_of_the_address_makes_no_second_account(
    service: Service, founder: Person
) -> None:
    await fail(service, founder.email, 3)
    await fail(service, founder.email.upper(), 2)

    assert (await service.sign_in(founder.email, founder.password)).status_code == 429


async def test_many_guesses_at_once_are_not_more_guesses(service: Service, founder: Person) -> None:
    guesses = [service.sign_in(founder.email, new_password()) for _ in range(30)]
    statuses = [response.status_code for response in await asyncio.gather(*guesses)]

    assert 1 <= statuses.count(401) <= 5
    assert statuses.count(401) + statuses.count(429) == 30
