"""A refresh token is exchanged once; a second use revokes its family."""

import asyncio

import pytest
from sqlalchemy import select

from app.models.refresh_token import refresh_tokens
from tests.accounts.people import Service, new_password, outcome, refusal
from tests.conftest import HeldClock
from tests.requirements import ACCOUNTS
from tests.roles import COLLEAGUE

pytestmark = pytest.mark.requirement(*ACCOUNTS)


async def test_gives_a_new_pair(service: Service, clock: HeldClock) -> None:
    founder = await service.founder()
    first = founder.tokens
    clock.move(seconds=1)

    response = await service.refresh(first["refresh_token"])

    second = response.json()
    assert response.status_code == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert (await service.with_token(second["access_token"])).status_code == 200
    assert (await service.refresh(second["refresh_token"])).status_code == 200


async def test_a_second_use_ends_the_whole_sign_in(service: Service, clock: HeldClock) -> None:
    founder = await service.founder()
    first = founder.tokens
    second = (await service.refresh(first["refresh_token"])).json()
    assert (await service.with_token(second["access_token"])).status_code == 200

    clock.move(milliseconds=1)
    replayed = await service.refresh(first["refresh_token"])

    assert outcome(replayed) == (401, "unauthenticated")
    assert (await service.refresh(second["refresh_token"])).status_code == 401
    assert (await service.with_token(second["access_token"])).status_code == 401
    assert service.logged("refresh_token_reuse")[0]["account_id"] == str(founder.id)


async def test_a_second_use_leaves_other_sign_ins_alone(service: Service, clock: HeldClock) -> None:
    founder = await service.founder()
    first = founder.tokens
    await founder.sign_in()
    second = (await service.refresh(first["refresh_token"])).json()
    clock.move(milliseconds=1)
    assert (await service.refresh(first["refresh_token"])).status_code == 401
    assert (await service.with_token(second["access_token"])).status_code == 401

    assert (await founder.get("/v1/me")).status_code == 200
    assert (await service.refresh(founder.tokens["refresh_token"])).status_code == 200


async def test_of_two_at_once_one_wins_and_the_sign_in_goes_on(service: Service) -> None:
    for _ in range(5):
        founder = await service.founder()
        token = founder.tokens["refresh_token"]

        responses = await asyncio.gather(service.refresh(token), service.refresh(token))

        [won] = [each for each in responses if each.status_code == 200]
        assert sorted(each.status_code for each in responses) == [200, 401]
        assert (await service.refresh(won.json()["refresh_token"])).status_code == 200


async def test_it_expires(service: Service, clock: HeldClock) -> None:
    early, late = await service.founder(), await service.founder()

    clock.instant += service.accounts.sessions.refresh_lifetime
    clock.move(seconds=-1)
    assert (await service.refresh(early.tokens["refresh_token"])).status_code == 200
    clock.move(seconds=1)
    assert (await service.refresh(late.tokens["refresh_token"])).status_code == 401


async def test_every_refusal_is_the_same(service: Service) -> None:
    founder = await service.founder()
    token = founder.tokens["refresh_token"]
    assert (await service.refresh(token)).status_code == 200

    used = await service.refresh(token)
    unknown = await service.refresh(new_password())
    access = await service.refresh(founder.access_token[:200])

    assert used.status_code == 401
    assert refusal(used) == refusal(unknown) == refusal(access)


async def test_a_disabled_person_cannot(service: Service) -> None:
    founder = await service.founder()
    member = await founder.bring_in(COLLEAGUE)
    assert (await service.refresh(member.tokens["refresh_token"])).status_code == 200
    await member.sign_in()

    assert (await founder.change(member, disabled=True)).status_code == 200

    assert (await service.refresh(member.tokens["refresh_token"])).status_code == 401


async def test_the_token_itself_is_stored_nowhere(service: Service) -> None:
    founder = await service.founder()

    async with service.database.read(founder.tenant_id) as transaction:
        rows = await transaction.all(
            select(refresh_tokens).where(refresh_tokens.c.tenant_id == founder.tenant_id)
        )
    assert len(rows) == 1
    assert founder.tokens["refresh_token"] not in repr(rows)


async def test_signing_out_ends_both_tokens_at_once(service: Service) -> None:
    founder = await service.founder()
    gone = dict(founder.tokens)
    await founder.sign_in()
    kept = dict(founder.tokens)
    founder.tokens = gone

    response = await founder.send("POST", "/v1/auth/sign-out")

    assert (response.status_code, response.content) == (204, b"")
    assert (await service.with_token(gone["access_token"])).status_code == 401
    assert (await service.refresh(gone["refresh_token"])).status_code == 401
    assert (await service.with_token(kept["access_token"])).status_code == 200
    assert (await service.refresh(kept["refresh_token"])).status_code == 200


async def test_signing_out_needs_a_token(service: Service) -> None:
    assert (await service.client.post("/v1/auth/sign-out")).status_code == 401
