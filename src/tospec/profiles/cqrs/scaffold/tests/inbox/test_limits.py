"""Nobody sends messages without end."""

import pytest

from app.core.settings import Settings
from tests.inbox.sending import Known, Mouth, secret_of
from tests.rate_limits.test_limits import address, serving
from tests.requirements import MESSAGES, RATE_LIMITS
from tests.world import World

pytestmark = pytest.mark.requirement(*MESSAGES, *RATE_LIMITS)


@pytest.mark.usefixtures("world")
async def test_an_address_that_sends_too_often_is_told_to_wait(
    known: Known, served_settings: Settings
) -> None:
    secret, unsigned = secret_of(known.sender, served_settings), {}
    async with serving(served_settings, address(), message_limit_requests=3) as client:
        mouth = Mouth(client=client, sender=known.sender, secret=secret)
        answers = [await mouth.send(b"{}", unsigned) for _ in range(3)]
        refused = await mouth.say(known.body(None))

    assert [each.status_code for each in answers] == [401, 401, 401]
    assert (refused.status_code, refused.json()["code"]) == (429, "quota-exceeded")
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["ratelimit"].startswith('"messages";r=0;')


async def test_those_who_sign_in_are_counted_apart(
    world: World, known: Known, served_settings: Settings
) -> None:
    async with serving(served_settings, message_limit_requests=1) as client:
        for status in (401, 429):
            assert (await client.post(known.sender.path, content=b"{}")).status_code == status
        headers = {"authorization": f"Bearer {world.home.somebody.token}"}
        assert (await client.get("/v1/me", headers=headers)).status_code == 200
        assert (await client.post("/v1/auth/sign-in", json={})).status_code == 422
