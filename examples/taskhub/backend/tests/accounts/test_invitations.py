"""REQ-002: owners and admins invite people; an invitation is accepted once, within 7 days."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.models.invitation import invitations
from app.models.role import Role
from tests.accounts.people import Person, Service, new_email, new_password, outcome, refusal
from tests.conftest import HeldClock


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder()


async def invited(person: Person, role: Role = Role.MEMBER, email: str | None = None) -> str:
    """Invite somebody and return the secret."""
    response = await person.invite(email or new_email(), role)
    assert response.status_code == 201, response.text
    token: str = response.json()["token"]
    return token


async def test_an_invitation_is_told_in_full_once(service: Service, founder: Person) -> None:
    email = new_email()
    response = await founder.invite(email, Role.VIEWER)

    body = response.json()
    path = response.headers["location"]
    assert response.status_code == 201
    assert path == f"/v1/invitations/{body['id']}"
    assert (body["email"], body["role"]) == (email, "viewer")
    assert body["invited_by_id"] == str(founder.id)
    assert body["expires_at"] == "2030-01-09T03:04:05.678901Z"

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
    assert token not in str(await founder.trail())
    assert token.encode() not in b"".join(service.lines)


async def test_whoever_accepts_joins_with_the_role(service: Service, founder: Person) -> None:
    email, password = new_email(), new_password()
    token = await invited(founder, Role.ADMIN, email)

    response = await service.accept(token, "Grace Hopper", password)

    body = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/users/{body['id']}"
    assert (body["email"], body["role"], body["disabled"]) == (email, "admin", False)
    assert (await service.sign_in(email, password)).status_code == 200
    assert (await founder.get("/v1/invitations")).json()["items"] == []
    events = await service.events(founder.tenant_id)
    assert [name for name, _ in events[-2:]] == ["UserInvited", "UserJoined"]
    assert events[-2][1]["email"] == email
    assert events[-1][1] == {"id": body["id"], "role": "admin"}


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


async def test_it_expires_after_7_days(service: Service, founder: Person, clock: HeldClock) -> None:
    early, late = await invited(founder), await invited(founder)

    clock.move(days=7, seconds=-1)
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
    clock.move(days=8)

    tokens = [used, revoked, expired, new_password()]
    answers = [await service.accept(token, "Kim", new_password()) for token in tokens]

    assert [each.status_code for each in answers] == [422] * 4
    assert all(refusal(each) == refusal(answers[0]) for each in answers)


async def test_a_revoked_one_is_gone(service: Service, founder: Person) -> None:
    response = await founder.invite(new_email(), Role.MEMBER)
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
    assert [entry["action"] for entry in await founder.trail()] == [
        *("invitation.accept", "user.create"),
        *("tenant.create", "user.create"),
        *("invitation.create", "invitation.revoke", "invitation.create"),
    ]


async def test_a_colleague_is_not_invited_again(service: Service, founder: Person) -> None:
    member = await founder.bring_in(Role.MEMBER)

    response = await founder.invite(member.email.upper(), Role.ADMIN)

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
async def test_nobody_invites_above_their_own_role(
    service: Service, founder: Person, role: Role
) -> None:
    admin = await founder.bring_in(Role.ADMIN)

    by_owner = await founder.invite(new_email(), role)
    by_admin = await admin.invite(new_email(), role)

    assert by_owner.status_code == 201
    if role is Role.OWNER:
        assert outcome(by_admin) == (403, "permission-denied")
        path = by_owner.headers["location"]
        assert outcome(await admin.send("DELETE", path)) == (403, "permission-denied")
        assert (await founder.send("DELETE", path)).status_code == 204
    else:
        assert by_admin.status_code == 201


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_others_have_nothing_to_do_with_invitations(
    service: Service, founder: Person, role: Role
) -> None:
    person = await founder.bring_in(role)
    path = (await founder.invite(new_email(), Role.VIEWER)).headers["location"]
    nonsense = await person.send("POST", "/v1/invitations", {"nonsense": 1})

    assert outcome(nonsense) == (403, "permission-denied")
    for method, target in (("GET", "/v1/invitations"), ("GET", path), ("DELETE", path)):
        assert outcome(await person.send(method, target)) == (403, "permission-denied")
    assert (await founder.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "x@example.org"}, "#/role"),
        ({"email": "nobody", "role": "member"}, "#/email"),
        ({"email": "x@example.org", "role": "Admin"}, "#/role"),
        ({"email": "x@example.org", "role": "root"}, "#/role"),
        ({"email": "x@example.org", "role": "member", "expires_at": None}, "#"),
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
    path = (await other.invite(new_email(), Role.MEMBER)).headers["location"]

    theirs = await founder.send(method, path)
    nobodys = await founder.send(method, f"/v1/invitations/{uuid4()}")

    assert outcome(theirs) == (404, "not-found")
    assert refusal(theirs) == refusal(nobodys)
    assert (await other.get(path)).status_code == 200
    [line] = service.logged("cross_tenant_attempt")
    assert (line["resource"], line["resource_id"]) == ("invitations", path.rsplit("/", 1)[1])
    assert (line["tenant_id"], line["user_id"]) == (str(founder.tenant_id), str(founder.id))


async def test_if_match_is_honoured(founder: Person) -> None:
    response = await founder.invite(new_email(), Role.MEMBER)
    path, tag = response.headers["location"], response.headers["etag"]

    stale = await founder.send("DELETE", path, headers={"if-match": '"stale"'})
    assert outcome(stale) == (412, "precondition-failed")
    assert (await founder.send("DELETE", path, headers={"if-match": tag})).status_code == 204


async def test_people_of_one_name_get_handles_of_their_own(founder: Person) -> None:
    names = [(await founder.bring_in(Role.MEMBER, "Kim Lee")) for _ in range(3)]

    handles = [(await each.get("/v1/me")).json()["user"]["handle"] for each in names]
    assert handles == ["kim-lee", "kim-lee-2", "kim-lee-3"]


async def test_people_of_one_name_may_join_at_once(service: Service, founder: Person) -> None:
    tokens = [await invited(founder) for _ in range(6)]

    joining = [service.accept(token, "Kim Lee", new_password()) for token in tokens]
    responses = await asyncio.gather(*joining)

    assert [each.status_code for each in responses] == [201] * 6
    handles = sorted(each.json()["handle"] for each in responses)
    assert handles == ["kim-lee", *(f"kim-lee-{number}" for number in range(2, 7))]
