"""Who manages accounts invites people; an invitation is accepted once, for a while."""

import asyncio
from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.authorization.permissions import FOUNDER, ROLE_PERMISSIONS
from app.events.accounts import UserInvited, UserJoined
from app.models.invitation import invitations
from app.models.role import Role
from tests.accounts.people import (
    Person,
    Service,
    new_email,
    new_password,
    outcome,
    refusal,
    require_told,
)
from tests.conftest import HeldClock
from tests.requirements import ACCOUNTS
from tests.roles import COLLEAGUE, DEPUTIES, OTHERS

pytestmark = pytest.mark.requirement(*ACCOUNTS)


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder()


async def invited(person: Person, role: Role = COLLEAGUE, email: str | None = None) -> str:
    """Invite somebody and return the secret."""
    response = await person.invite(email or new_email(), role)
    assert response.status_code == 201, response.text
    token: str = response.json()["token"]
    return token


async def test_an_invitation_is_told_in_full_once(
    service: Service, founder: Person, clock: HeldClock
) -> None:
    email = new_email()
    response = await founder.invite(email, COLLEAGUE)

    body = response.json()
    path = response.headers["location"]
    assert response.status_code == 201
    assert path == f"/v1/invitations/{body['id']}"
    assert (body["email"], body["role"]) == (email, COLLEAGUE)
    assert body["invited_by_id"] == str(founder.id)
    lifetime = service.accounts.invitations.lifetime
    assert datetime.fromisoformat(body["expires_at"]) == clock.now() + lifetime

    read = await founder.get(path)
    listed = await founder.get("/v1/invitations")
    del body["token"]
    assert read.json() == body
    assert read.headers["etag"] == response.headers["etag"]
    assert listed.json() == {"items": [body], "next": None}


async def test_the_secret_is_stored_nowhere(service: Service, founder: Person) -> None:
    token = await invited(founder)

    async with service.database.read(founder.tenant_id) as transaction:
        rows = await transaction.all(
            select(invitations).where(invitations.c.tenant_id == founder.tenant_id)
        )
    assert len(rows) == 1
    assert token not in repr(rows)
    assert token not in str(await service.events(founder.tenant_id))
    assert token not in str(await service.trail(founder.tenant_id))
    assert token.encode() not in b"".join(service.lines)


async def test_whoever_accepts_joins_with_the_role(service: Service, founder: Person) -> None:
    email, password = new_email(), new_password()
    token = await invited(founder, COLLEAGUE, email)

    response = await service.accept(token, "Grace Hopper", password)

    body = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/users/{body['id']}"
    assert (body["email"], body["role"], body["disabled"]) == (email, COLLEAGUE, False)
    assert (await service.sign_in(email, password)).status_code == 200
    assert (await founder.get("/v1/invitations")).json()["items"] == []


async def test_whoever_is_invited_and_joins_is_announced(service: Service, founder: Person) -> None:
    before = len(await service.events(founder.tenant_id))
    invitation = (await founder.invite(new_email(), COLLEAGUE)).json()
    joined = (await service.accept(invitation["token"], "Grace Hopper", new_password())).json()

    told = (await service.events(founder.tenant_id))[before:]

    require_told(told, {UserInvited.NAME: invitation, UserJoined.NAME: joined})


async def test_it_is_accepted_once(service: Service, founder: Person) -> None:
    token = await invited(founder)
    assert (await service.accept(token, "Kim", new_password())).status_code == 201

    again = await service.accept(token, "Kim", new_password())

    assert outcome(again) == (422, "invalid-reference")
    assert [each["pointer"] for each in refusal(again)["errors"]] == ["#/token"]


async def test_of_many_at_once_one_joins(service: Service, founder: Person) -> None:
    token = await invited(founder)

    accepting = [service.accept(token, "Kim", new_password()) for _ in range(6)]
    statuses = [response.status_code for response in await asyncio.gather(*accepting)]

    assert sorted(statuses) == [201, 422, 422, 422, 422, 422]


async def test_it_expires(service: Service, founder: Person, clock: HeldClock) -> None:
    early, late = await invited(founder), await invited(founder)

    clock.instant += service.accounts.invitations.lifetime
    clock.move(seconds=-1)
    assert (await service.accept(early, "Kim", new_password())).status_code == 201
    clock.move(seconds=1)
    assert outcome(await service.accept(late, "Kim", new_password())) == (422, "invalid-reference")


async def test_every_refusal_is_the_same(
    service: Service, founder: Person, clock: HeldClock
) -> None:
    used, revoked, expired = [await invited(founder) for _ in range(3)]
    assert (await service.accept(used, "Kim", new_password())).status_code == 201
    listed = (await founder.get("/v1/invitations", sort="created_at")).json()["items"]
    path = f"/v1/invitations/{listed[0]['id']}"
    assert (await founder.send("DELETE", path)).status_code == 204
    clock.instant += service.accounts.invitations.lifetime

    tokens = [used, revoked, expired, new_password()]
    answers = [await service.accept(token, "Kim", new_password()) for token in tokens]

    assert [each.status_code for each in answers] == [422] * 4
    assert all(refusal(each) == refusal(answers[0]) for each in answers)


async def test_a_revoked_one_is_gone(service: Service, founder: Person) -> None:
    response = await founder.invite(new_email(), COLLEAGUE)
    path = response.headers["location"]
    assert (await founder.get(path)).status_code == 200

    deleted = await founder.send("DELETE", path)

    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (await founder.get(path)).status_code == 404
    assert (await founder.send("DELETE", path)).status_code == 404
    accepted = await service.accept(response.json()["token"], "Kim", new_password())
    assert accepted.status_code == 422


async def test_a_newer_one_takes_the_place_of_an_older(
    service: Service, founder: Person, clock: HeldClock
) -> None:
    email = new_email()
    old, new = await invited(founder, email=email), await invited(founder, email=email.upper())
    clock.move(seconds=1)

    assert (await service.accept(old, "Kim", new_password())).status_code == 422
    assert (await service.accept(new, "Kim", new_password())).status_code == 201
    # What happens at one instant is told in the order in which it happened.
    assert [entry.action for entry in await service.trail(founder.tenant_id)] == [
        *("tenant.create", "user.create"),
        *("invitation.create", "invitation.revoke", "invitation.create"),
        *("invitation.accept", "user.create"),
    ]


async def test_a_colleague_is_not_invited_again(service: Service, founder: Person) -> None:
    member = await founder.bring_in(COLLEAGUE)

    response = await founder.invite(member.email.upper(), FOUNDER)

    assert outcome(response) == (409, "conflict-unique")
    assert refusal(response)["fields"] == ["email"]


async def test_an_account_elsewhere_is_told_to_its_holder_only(
    service: Service, founder: Person
) -> None:
    stranger = await service.founder()
    token = await invited(founder, email=stranger.email)

    response = await service.accept(token, "Kim", new_password())

    assert outcome(response) == (409, "conflict-unique")
    assert (await service.sign_in(stranger.email, stranger.password)).status_code == 200


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [FOUNDER, *DEPUTIES])
async def test_nobody_invites_above_their_own_role(founder: Person, own: Role, role: Role) -> None:
    person = await founder.bring_in(own)

    response = await person.invite(new_email(), role)

    if ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[own]:
        assert response.status_code == 201
    else:
        assert outcome(response) == (403, "permission-denied")


@pytest.mark.parametrize("role", DEPUTIES)
async def test_nobody_revokes_above_their_own_role(founder: Person, role: Role) -> None:
    deputy = await founder.bring_in(role)
    path = (await founder.invite(new_email(), FOUNDER)).headers["location"]
    own = (await founder.invite(new_email(), role)).headers["location"]

    assert outcome(await deputy.send("DELETE", path)) == (403, "permission-denied")
    assert (await deputy.send("DELETE", own)).status_code == 204
    assert (await founder.send("DELETE", path)).status_code == 204


@pytest.mark.parametrize("role", OTHERS)
async def test_others_have_nothing_to_do_with_invitations(
    service: Service, founder: Person, role: Role
) -> None:
    person = await founder.bring_in(role)
    path = (await founder.invite(new_email(), COLLEAGUE)).headers["location"]
    nonsense = await person.send("POST", "/v1/invitations", {"nonsense": 1})

    assert outcome(nonsense) == (403, "permission-denied")
    for method, target in (("GET", "/v1/invitations"), ("GET", path), ("DELETE", path)):
        assert outcome(await person.send(method, target)) == (403, "permission-denied")
    assert (await founder.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "x@example.org"}, "#/role"),
        ({"email": "nobody", "role": COLLEAGUE}, "#/email"),
        ({"email": "x@example.org", "role": FOUNDER.upper()}, "#/role"),
        ({"email": "x@example.org", "role": "no role"}, "#/role"),
        ({"email": "x@example.org", "role": COLLEAGUE, "expires_at": None}, "#"),
    ],
)
async def test_the_body_is_checked(founder: Person, body: dict[str, object], pointer: str) -> None:
    response = await founder.send("POST", "/v1/invitations", body)

    assert outcome(response) == (422, "validation-error")
    assert [each["pointer"] for each in refusal(response)["errors"]] == [pointer]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_another_tenants_invitation_does_not_exist(
    service: Service, founder: Person, method: str
) -> None:
    other = await service.founder()
    path = (await other.invite(new_email(), COLLEAGUE)).headers["location"]

    theirs = await founder.send(method, path)
    nobodys = await founder.send(method, f"/v1/invitations/{uuid4()}")

    assert outcome(theirs) == (404, "not-found")
    assert refusal(theirs) == refusal(nobodys)
    assert (await other.get(path)).status_code == 200
    [line] = service.logged("cross_tenant_attempt")
    assert (line["resource"], line["resource_id"]) == ("invitations", path.rsplit("/", 1)[1])
    assert (line["tenant_id"], line["user_id"]) == (str(founder.tenant_id), str(founder.id))


async def test_if_match_is_honoured(founder: Person) -> None:
    response = await founder.invite(new_email(), COLLEAGUE)
    path, tag = response.headers["location"], response.headers["etag"]

    stale = await founder.send("DELETE", path, headers={"if-match": '"stale"'})
    assert outcome(stale) == (412, "precondition-failed")
    assert (await founder.send("DELETE", path, headers={"if-match": tag})).status_code == 204


async def test_people_of_one_name_get_handles_of_their_own(founder: Person) -> None:
    names = [(await founder.bring_in(COLLEAGUE, "Kim Lee")) for _ in range(3)]

    handles = [(await each.get("/v1/me")).json()["user"]["handle"] for each in names]
    assert handles == ["kim-lee", "kim-lee-2", "kim-lee-3"]


async def test_people_of_one_name_may_join_at_once(service: Service, founder: Person) -> None:
    tokens = [await invited(founder) for _ in range(6)]

    joining = [service.accept(token, "Kim Lee", new_password()) for token in tokens]
    responses = await asyncio.gather(*joining)

    assert [each.status_code for each in responses] == [201] * 6
    handles = sorted(each.json()["handle"] for each in responses)
    assert handles == ["kim-lee", *(f"kim-lee-{number}" for number in range(2, 7))]
