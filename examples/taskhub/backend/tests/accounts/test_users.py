"""REQ-002, REQ-003: colleagues see each other; owners and admins manage them."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.authorization.actor import Actor
from app.core.account_errors import LastOwnerError
from app.core.ids import UserId
from app.models.role import Role
from app.models.user import users
from app.schemas.users import UserUpdate
from app.services.users import UserService
from tests.accounts.people import Person, Service, outcome, refusal
from tests.conftest import HeldClock


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder("Zoe")


async def etag(person: Person, of: Person) -> str:
    response = await person.get(of.path)
    assert response.status_code == 200
    return response.headers["etag"]


async def test_colleagues_see_each_other(founder: Person) -> None:
    viewer = await founder.bring_in(Role.VIEWER, "Kim")

    response = await viewer.get(founder.path)

    assert response.status_code == 200
    assert set(response.json()) == {
        *("id", "email", "name", "handle", "role", "disabled"),
        *("created_at", "updated_at", "version"),
    }
    listed = await viewer.get("/v1/users")
    assert [each["name"] for each in listed.json()["items"]] == ["Kim", "Zoe"]


async def test_me_tells_what_the_role_may_do(founder: Person) -> None:
    viewer = await founder.bring_in(Role.VIEWER)

    mine, theirs = (await viewer.get("/v1/me")).json(), (await founder.get("/v1/me")).json()

    assert mine["permissions"] == ["project:read", "task:read"]
    assert mine["user"]["role"] == "viewer"
    assert mine["tenant"] == theirs["tenant"]
    assert set(mine["permissions"]) < set(theirs["permissions"])


async def test_the_list_is_walked_page_by_page(founder: Person) -> None:
    for name in ("Ann", "Bob", "Cid", "Dan"):
        await founder.bring_in(Role.MEMBER, name)
    names, cursor = [], None
    while True:
        page = await founder.get("/v1/users", limit=2, **({"cursor": cursor} if cursor else {}))
        names += [each["name"] for each in page.json()["items"]]
        cursor = page.json()["next"]
        if cursor is None:
            break
        assert 'rel="next"' in page.headers["link"]

    assert names == ["Ann", "Bob", "Cid", "Dan", "Zoe"]


async def test_a_cursor_is_for_one_person(service: Service, founder: Person) -> None:
    colleague, stranger = await founder.bring_in(Role.ADMIN), await service.founder()
    cursor = (await founder.get("/v1/users", limit=1)).json()["next"]

    assert (await founder.get("/v1/users", limit=1, cursor=cursor)).status_code == 200
    for person in (colleague, stranger):
        refused = await person.get("/v1/users", limit=1, cursor=cursor)
        assert outcome(refused) == (422, "invalid-cursor")


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"role": "member"}, ["Ann", "Bob"]),
        ({"disabled": "true"}, ["Bob"]),
        ({"disabled": "false", "role": "member"}, ["Ann"]),
        ({"sort": "-name"}, ["Zoe", "Bob", "Ann"]),
    ],
)
async def test_the_list_is_filtered_and_sorted(
    founder: Person, filters: dict[str, str], names: list[str]
) -> None:
    await founder.bring_in(Role.MEMBER, "Ann")
    bob = await founder.bring_in(Role.MEMBER, "Bob")
    assert (await founder.change(bob, disabled=True)).status_code == 200

    response = await founder.get("/v1/users", **filters)

    assert [each["name"] for each in response.json()["items"]] == names


@pytest.mark.parametrize(
    "query", [{"role": "Admin"}, {"disabled": "yes"}, {"sort": "email"}, {"email": "x"}]
)
async def test_other_filters_are_refused(founder: Person, query: dict[str, str]) -> None:
    assert outcome(await founder.get("/v1/users", **query)) == (422, "validation-error")


async def test_a_role_is_changed(founder: Person, clock: HeldClock) -> None:
    member = await founder.bring_in(Role.MEMBER)
    clock.move(seconds=1)
    tag = await etag(founder, member)

    response = await founder.send(
        "PATCH", member.path, {"role": "admin"}, headers={"if-match": tag}
    )

    assert response.status_code == 200
    assert response.json()["role"] == "admin"
    assert response.headers["etag"] != tag
    assert response.headers["etag"] == await etag(founder, member)
    [entry] = await founder.trail(entity_id=str(member.id), limit=1)
    assert entry["action"] == "user.update"
    assert (entry["before"], entry["after"]) == ({"role": "member"}, {"role": "admin"})
    assert entry["request_id"] == response.headers["x-request-id"]


async def test_a_change_names_the_version_it_is_about(founder: Person) -> None:
    member = await founder.bring_in(Role.MEMBER)
    tag = await etag(founder, member)

    missing = await founder.send("PATCH", member.path, {"role": "admin"})
    stale = await founder.send(
        "PATCH", member.path, {"role": "admin"}, headers={"if-match": '"stale"'}
    )

    assert outcome(missing) == (428, "precondition-required")
    assert outcome(stale) == (412, "precondition-failed")
    assert tag == await etag(founder, member)


async def test_of_two_changes_of_one_version_one_wins(founder: Person) -> None:
    member = await founder.bring_in(Role.MEMBER)
    headers = {"if-match": await etag(founder, member)}

    changes = [
        founder.send("PATCH", member.path, {"role": role}, headers=headers)
        for role in ("admin", "viewer")
    ]
    statuses = [response.status_code for response in await asyncio.gather(*changes)]

    assert sorted(statuses) == [200, 412]


async def test_a_read_can_be_cut_short(founder: Person) -> None:
    tag = await etag(founder, founder)

    response = await founder.send("GET", founder.path, headers={"if-none-match": tag})

    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_others_change_nobody(founder: Person, role: Role) -> None:
    person = await founder.bring_in(role)

    assert outcome(await person.change(founder, role="viewer")) == (403, "permission-denied")
    assert outcome(await person.change(person, role="owner")) == (403, "permission-denied")
    assert (await founder.change(person, role="member")).status_code == 200


async def test_an_admin_neither_makes_nor_touches_an_owner(founder: Person) -> None:
    admin, member = await founder.bring_in(Role.ADMIN), await founder.bring_in(Role.MEMBER)

    assert outcome(await admin.change(member, role="owner")) == (403, "permission-denied")
    assert outcome(await admin.change(admin, role="owner")) == (403, "permission-denied")
    assert outcome(await admin.change(founder, role="member")) == (403, "permission-denied")
    assert outcome(await admin.change(founder, disabled=True)) == (403, "permission-denied")
    assert (await admin.change(member, role="admin")).status_code == 200
    assert (await founder.change(member, role="owner")).status_code == 200


@pytest.mark.parametrize("change", [{"role": "admin"}, {"disabled": True}])
async def test_the_last_owner_stays(founder: Person, change: dict[str, object]) -> None:
    tag = await etag(founder, founder)

    response = await founder.change(founder, **change)

    assert response.status_code == 409
    problem = refusal(response)
    assert problem["code"] == "LAST_OWNER"
    assert problem["type"].endswith("/problems/last-owner")
    assert tag == await etag(founder, founder)


async def test_a_disabled_owner_does_not_count(founder: Person) -> None:
    second = await founder.bring_in(Role.OWNER)
    assert (await founder.change(second, disabled=True)).status_code == 200

    assert (await founder.change(founder, role="admin")).status_code == 409
    assert (await founder.change(second, disabled=False)).status_code == 200
    assert (await founder.change(founder, role="admin")).status_code == 200


async def test_two_owners_who_demote_each_other_leave_one(
    service: Service, founder: Person
) -> None:
    second = await founder.bring_in(Role.OWNER)

    responses = await asyncio.gather(
        founder.change(second, role="member"), second.change(founder, role="member")
    )

    async with service.database.read(founder.tenant_id) as transaction:
        found = select(users.c.role).where(users.c.tenant_id == founder.tenant_id)
        roles = sorted(row.role for row in await transaction.all(found))
    assert roles == [Role.MEMBER, Role.OWNER]
    assert [each.status_code for each in responses].count(200) == 1


async def test_two_demotions_that_began_together_leave_one_owner(
    service: Service, founder: Person
) -> None:
    second = await founder.bring_in(Role.OWNER)

    async def demote(actor: Person, other: Person) -> str:
        who = Actor(user_id=UserId(actor.id), tenant_id=actor.tenant_id, role=Role.OWNER)
        try:
            async with service.database.begin(actor.tenant_id) as transaction:
                users_of = UserService(transaction, who)
                user = await users_of.get_for_update(other.id)
                await asyncio.sleep(0.3)
                await users_of.update(user, UserUpdate(role=Role.MEMBER))
        except LastOwnerError:
            return "refused"
        return "done"

    told = await asyncio.gather(demote(founder, second), demote(second, founder))

    assert sorted(told) == ["done", "refused"]


async def test_disabling_is_told_and_undone(founder: Person, clock: HeldClock) -> None:
    member = await founder.bring_in(Role.MEMBER)

    clock.move(seconds=1)
    disabled = await founder.change(member, disabled=True)
    clock.move(seconds=1)
    enabled = await founder.change(member, disabled=False)

    assert (disabled.json()["disabled"], enabled.json()["disabled"]) == (True, False)
    entries = await founder.trail(entity_id=str(member.id), limit=2)
    assert [entry["before"]["disabled_at"] is None for entry in entries] == [False, True]


@pytest.mark.parametrize(
    "body",
    [
        {"role": "Owner"},
        {"role": None},
        {"disabled": None},
        {"disabled": "true"},
        {"disabled": 1},
        {"name": "Mallory"},
        {"tenant_id": "00000000-0000-4000-8000-000000000000"},
        {"password_hash": "x"},
        {"version": 9},
        {"__class__": "x"},
    ],
    ids=str,
)
async def test_the_body_is_checked(founder: Person, body: dict[str, object]) -> None:
    member = await founder.bring_in(Role.MEMBER)
    tag = await etag(founder, member)

    response = await founder.send("PATCH", member.path, body, headers={"if-match": "*"})

    assert outcome(response) == (422, "validation-error")
    assert tag == await etag(founder, member)


async def test_another_tenants_person_does_not_exist(service: Service, founder: Person) -> None:
    stranger = await service.founder()
    nobody = f"/v1/users/{uuid4()}"
    tag = await etag(stranger, stranger)

    reads = [await founder.get(path) for path in (stranger.path, nobody)]
    changes = [
        await founder.send("PATCH", path, body, headers=headers)
        for path in (stranger.path, nobody)
        for body in ({"role": "viewer"}, {"nonsense": 1})
        for headers in ({}, {"if-match": tag}, {"if-match": '"stale"'})
    ]

    assert outcome(reads[0]) == (404, "not-found")
    assert all(refusal(each) == refusal(reads[0]) for each in [*reads, *changes])
    assert tag == await etag(stranger, stranger)
    lines = service.logged("cross_tenant_attempt")
    assert {line["resource_id"] for line in lines} == {str(stranger.id)}
    assert len(lines) == 7


async def test_the_list_knows_no_other_tenant(service: Service, founder: Person) -> None:
    stranger = await service.founder()

    listed = (await founder.get("/v1/users")).json()["items"]

    assert [UUID(each["id"]) for each in listed] == [founder.id]
    assert stranger.id not in {UUID(each["id"]) for each in listed}


@pytest.mark.parametrize("user_id", ["1", "urn:uuid:{id}", "{{{id}}}", "x", "%00"])
async def test_a_malformed_id_is_the_id_of_nobody(founder: Person, user_id: str) -> None:
    response = await founder.get(f"/v1/users/{user_id.format(id=founder.id)}")

    assert outcome(response) == (404, "not-found")
