"""Sign-in with e-mail address and password."""

import asyncio

import argon2
import pytest
from sqlalchemy import select, update

from app.core.settings import Settings
from app.models.sign_in_attempt import sign_in_attempts
from app.models.user import users
from app.security.password_rules import MAX_PASSWORD_LENGTH
from tests.accounts.people import Service, new_email, new_password, outcome, refusal
from tests.requirements import ACCOUNTS
from tests.roles import COLLEAGUE

pytestmark = pytest.mark.requirement(*ACCOUNTS)


async def test_answers_with_tokens(service: Service, accounts_settings: Settings) -> None:
    founder = await service.founder()

    response = await service.sign_in(founder.email, founder.password)

    body = response.json()
    assert response.status_code == 200
    assert set(body) == {"access_token", "token_type", "expires_in", "refresh_token"}
    lifetime = accounts_settings.access_token_lifetime
    assert (body["token_type"], body["expires_in"]) == ("Bearer", lifetime)
    assert response.headers["cache-control"] == "no-store"
    assert (await service.with_token(body["access_token"])).status_code == 200


async def test_the_case_of_the_address_does_not_matter(service: Service) -> None:
    founder = await service.founder()

    assert (await service.sign_in(founder.email.upper(), founder.password)).status_code == 200


async def test_every_refusal_is_the_same(service: Service) -> None:
    founder = await service.founder()
    disabled = await founder.bring_in(COLLEAGUE)
    assert (await founder.change(disabled, disabled=True)).status_code == 200

    wrong = await service.sign_in(founder.email, new_password())
    unknown = await service.sign_in(new_email(), new_password())
    refused = await service.sign_in(disabled.email, disabled.password)

    assert outcome(wrong) == (401, "unauthenticated")
    assert refusal(wrong) == refusal(unknown) == refusal(refused)
    for response in (wrong, unknown, refused):
        assert response.headers["www-authenticate"] == 'Bearer realm="api", error="invalid_token"'
    assert wrong.headers.keys() == unknown.headers.keys() == refused.headers.keys()


async def test_an_unknown_address_costs_as_much_work(guarded_service: Service) -> None:
    founder = await guarded_service.founder()
    times = range(min(3, guarded_service.accounts.lockout.failures))
    known = [await _seconds(guarded_service, founder.email) for _ in times]
    unknown = [await _seconds(guarded_service, new_email()) for _ in times]

    # One password hashed is far more than anything else; none hashed would be a tenth. The least
    # of each is compared, since whatever else the machine does only adds to it.
    assert min(unknown) > min(known) / 4


async def test_too_long_a_password_is_refused_unhashed(service: Service) -> None:
    founder = await service.founder()

    response = await service.sign_in(founder.email, "x" * (MAX_PASSWORD_LENGTH + 1))

    assert outcome(response) == (422, "validation-error")


async def test_attempts_are_logged_without_secrets(service: Service) -> None:
    founder = await service.founder()
    wrong = new_password()
    await service.sign_in(founder.email, wrong)
    stranger = new_email()
    await service.sign_in(stranger, new_password())

    good, bad, unknown = service.logged("sign_in")

    assert (good["outcome"], good["user_id"]) == ("succeeded", str(founder.id))
    assert (bad["outcome"], bad["account_id"]) == ("failed", str(founder.id))
    assert (unknown["outcome"], unknown["account_id"]) == ("failed", None)
    written = b"".join(service.lines).decode()
    for secret in (founder.password, wrong, founder.email, stranger, *_texts(founder.tokens)):
        assert secret not in written


async def test_nothing_typed_into_the_form_is_stored(service: Service) -> None:
    typed = new_email()
    await service.sign_in(typed, new_password())

    async with service.database.begin_accounts() as transaction:
        rows = await transaction.all(select(sign_in_attempts))
    assert rows
    assert typed not in repr(rows)


async def test_an_outdated_hash_is_renewed(service: Service) -> None:
    founder = await service.founder()
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    mine = users.c.id == founder.id
    async with service.database.begin(founder.tenant_id) as transaction:
        old = weak.hash(founder.password)
        await transaction.execute(update(users).where(mine).values(password_hash=old))

    await founder.sign_in()

    async with service.database.read(founder.tenant_id) as transaction:
        stored = await transaction.scalar(select(users.c.password_hash).where(mine))
    assert stored != old
    assert not service.accounts.passwords.is_outdated(stored)
    await founder.sign_in()


async def test_the_service_answers_others_while_it_hashes(guarded_service: Service) -> None:
    founder = await guarded_service.founder()
    signing_in = [
        asyncio.create_task(guarded_service.sign_in(new_email(), founder.password))
        for _ in range(20)
    ]
    await asyncio.sleep(0)

    loop = asyncio.get_running_loop()
    started = loop.time()
    assert (await guarded_service.client.get("/livez")).status_code == 200
    assert loop.time() - started < 0.2
    assert {each.status_code for each in await asyncio.gather(*signing_in)} == {401}


def _texts(tokens: dict[str, object]) -> list[str]:
    return [
        value for name, value in tokens.items() if isinstance(value, str) and "_type" not in name
    ]


async def _seconds(service: Service, email: str) -> float:
    loop = asyncio.get_running_loop()
    started = loop.time()
    assert (await service.sign_in(email, new_password())).status_code == 401
    return loop.time() - started
