"""Colleagues see each other; who manages accounts manages theirs."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.authorization.actor import Actor
from app.authorization.permissions import FOUNDER, ROLE_PERMISSIONS
from app.core.account_errors import LastOwnerError
from app.core.ids import UserId
from app.models.role import Role
from app.models.user import users
from app.schemas.users import UserUpdate
from app.services.users import UserService
from tests.accounts.people import Person, Service, outcome, refusal
from tests.conftest import HeldClock
from tests.requirements import ACCOUNTS, ROLES
from tests.roles import COLLEAGUE, DEPUTIES, OTHERS, of_two_roles

pytestmark = pytest.mark.requirement(*ACCOUNTS, *ROLES)

DEMOTION: dict[str, Any] = {"disabled": True} if COLLEAGUE is FOUNDER else {"role": COLLEAGUE}


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder("Zoe")


async def etag(person: Person, of: Person) -> str:
    response = await person.get(of.path)
    assert response.status_code == 200
    return response.headers["etag"]


async def test_colleagues_see_each_other(founder: Person) -> None:
    colleague = await founder.bring_in(COLLEAGUE, "Kim")

    response = await colleague.get(founder.path)

    assert response.status_code == 200
    assert set(response.json()) == {
        *("id", "email", "name", "handle", "role", "disabled"),
        *("created_at", "updated_at", "version"),
    }
    listed = await colleague.get("/v1/users")
    assert [each["name"] for each in listed.json()["items"]] == ["Kim", "Zoe"]


async def test_me_tells_what_the_role_may_do(founder: Person) -> None:
    colleague = await founder.bring_in(COLLEAGUE)

    theirs, mine = (await colleague.get("/v1/me")).json(), (await founder.get("/v1/me")).json()

    assert theirs["permissions"] == sorted(ROLE_PERMISSIONS[COLLEAGUE])
    assert theirs["user"]["role"] == COLLEAGUE
    assert mine["permissions"] == sorted(ROLE_PERMISSIONS[FOUNDER])
    assert mine["user"]["role"] == FOUNDER
    assert mine["tenant"] == theirs["tenant"]


async def test_the_list_is_walked_page_by_page(founder: Person) -> None:
    for name in ("Ann", "Bob", "Cid", "Dan"):
        await founder.bring_in(COLLEAGUE, name)
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
    colleague, stranger = await founder.bring_in(FOUNDER), await service.founder()
    cursor = (await founder.get("/v1/users", limit=1)).json()["next"]

    assert (await founder.get("/v1/users", limit=1, cursor=cursor)).status_code == 200
    for person in (colleague, stranger):
        refused = await person.get("/v1/users", limit=1, cursor=cursor)
        assert outcome(refused) == (422, "invalid-cursor")


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"role": COLLEAGUE}, ["Ann", "Bob", *(["Zoe"] if COLLEAGUE is FOUNDER else [])]),
        ({"disabled": "true"}, ["Bob"]),
        ({"disabled": "true", "role": COLLEAGUE}, ["Bob"]),
        ({"disabled": "false"}, ["Ann", "Zoe"]),
        ({"sort": "-name"}, ["Zoe", "Bob", "Ann"]),
    ],
)
async def test_the_list_is_filtered_and_sorted(
    founder: Person, filters: dict[str, str], names: list[str]
) -> None:
    await founder.bring_in(COLLEAGUE, "Ann")
    bob = await founder.bring_in(COLLEAGUE, "Bob")
    assert (await founder.change(bob, disabled=True)).status_code == 200

    response = await founder.get("/v1/users", **filters)

    assert [each["name"] for each in response.json()["items"]] == names


@pytest.mark.parametrize(
    "query", [{"role": FOUNDER.upper()}, {"disabled": "yes"}, {"sort": "email"}, {"email": "x"}]
)
async def test_other_filters_are_refused(founder: Person, query: dict[str, str]) -> None:
    assert outcome(await founder.get("/v1/users", **query)) == (422, "validation-error")


@of_two_roles
async def test_a_role_is_changed(service: Service, founder: Person, clock: HeldClock) -> None:
    member = await founder.bring_in(COLLEAGUE)
    clock.move(seconds=1)
    tag = await etag(founder, member)

    response = await founder.send(
        "PATCH", member.path, {"role": FOUNDER}, headers={"if-match": tag}
    )

    assert response.status_code == 200
    assert response.json()["role"] == FOUNDER
    assert response.headers["etag"] != tag
    assert response.headers["etag"] == await etag(founder, member)
    entry = (await service.trail(founder.tenant_id))[-1]
    assert (entry.action, entry.entity_id) == ("user.update", member.id)
    assert (entry.before, entry.after) == ({"role": COLLEAGUE}, {"role": FOUNDER})
    assert entry.correlation_id == response.headers["x-request-id"]


async def test_a_change_names_the_version_it_is_about(founder: Person) -> None:
    member = await founder.bring_in(COLLEAGUE)
    tag = await etag(founder, member)

    missing = await founder.send("PATCH", member.path, {"disabled": True})
    stale = await founder.send(
        "PATCH", member.path, {"disabled": True}, headers={"if-match": '"stale"'}
    )

    assert outcome(missing) == (428, "precondition-required")
    assert outcome(stale) == (412, "precondition-failed")
    assert tag == await etag(founder, member)


async def test_of_two_changes_of_one_version_one_wins(founder: Person) -> None:
    member = await founder.bring_in(COLLEAGUE)
    headers = {"if-match": await etag(founder, member)}

    changes = [
        founder.send("PATCH", member.path, {"disabled": disabled}, headers=headers)
        for disabled in (True, False)
    ]
    statuses = [response.status_code for response in await asyncio.gather(*changes)]

    assert sorted(statuses) == [200, 412]


async def test_a_read_can_be_cut_short(founder: Person) -> None:
    tag = await etag(founder, founder)

    response = await founder.send("GET", founder.path, headers={"if-none-match": tag})

    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize("role", OTHERS)
async def test_others_change_nobody(founder: Person, role: Role) -> None:
    person = await founder.bring_in(role)

    assert outcome(await person.change(founder, role=role)) == (403, "permission-denied")
    assert outcome(await person.change(person, role=FOUNDER)) == (403, "permission-denied")
    assert (await founder.change(person, role=FOUNDER)).status_code == 200


@pytest.mark.parametrize("role", OTHERS)
async def test_what_was_refused_and_what_changed_is_logged(
    service: Service, founder: Person, role: Role
) -> None:
    colleague = await founder.bring_in(role)
    assert (await founder.get("/v1/me")).status_code == 200
    assert service.logged("authorization") == service.logged("membership_change") == []

    await colleague.change(founder, role=COLLEAGUE)
    await founder.change(colleague, role=FOUNDER)

    [refused] = service.logged("authorization")
    assert (refused["decision"], refused["role"]) == ("deny", role)
    [changed] = service.logged("membership_change")
    assert (changed["account_id"], changed["role"]) == (str(colleague.id), FOUNDER)
    assert {line["tenant_id"] for line in (refused, changed)} == {str(founder.tenant_id)}
    assert all(line["correlation_id"] for line in (refused, changed))


@pytest.mark.parametrize("role", DEPUTIES)
async def test_a_deputy_neither_makes_nor_touches_a_founder(founder: Person, role: Role) -> None:
    deputy, peer = await founder.bring_in(role), await founder.bring_in(role)

    assert outcome(await deputy.change(peer, role=FOUNDER)) == (403, "permission-denied")
    assert outcome(await deputy.change(deputy, role=FOUNDER)) == (403, "permission-denied")
    assert outcome(await deputy.change(founder, role=role)) == (403, "permission-denied")
    assert outcome(await deputy.change(founder, disabled=True)) == (403, "permission-denied")
    assert (await deputy.change(peer, disabled=True)).status_code == 200
    assert (await founder.change(peer, role=FOUNDER)).status_code == 200


@pytest.mark.parametrize("change", [DEMOTION, {"disabled": True}], ids=str)
async def test_the_last_founder_stays(founder: Person, change: dict[str, object]) -> None:
    tag = await etag(founder, founder)

    response = await founder.change(founder, **change)

    assert response.status_code == 409
    problem = refusal(response)
    assert problem["code"] == "LAST_OWNER"
    assert problem["type"].endswith("/problems/last-owner")
    assert tag == await etag(founder, founder)


async def test_a_disabled_founder_does_not_count(founder: Person) -> None:
    second = await founder.bring_in(FOUNDER)
    assert (await founder.change(second, disabled=True)).status_code == 200

    assert (await founder.change(founder, **DEMOTION)).status_code == 409
    assert (await founder.change(second, disabled=False)).status_code == 200
    assert (await founder.change(founder, **DEMOTION)).status_code == 200


async def test_two_founders_who_demote_each_other_leave_one(
    service: Service, founder: Person
) -> None:
    second = await founder.bring_in(FOUNDER)

    responses = await asyncio.gather(
        founder.change(second, **DEMOTION), second.change(founder, **DEMOTION)
    )

    async with service.database.read(founder.tenant_id) as transaction:
        found = select(users.c.id).where(
            users.c.tenant_id == founder.tenant_id,
            users.c.role == FOUNDER,
            users.c.disabled_at.is_(None),
        )
        assert len(await transaction.all(found)) == 1
    assert [each.status_code for each in responses].count(200) == 1


async def test_two_demotions_that_began_together_leave_one_founder(
    service: Service, founder: Person
) -> None:
    second = await founder.bring_in(FOUNDER)

    async def demote(actor: Person, other: Person) -> str:
        who = Actor(user_id=UserId(actor.id), tenant_id=actor.tenant_id, role=FOUNDER)
        try:
            async with service.database.begin(actor.tenant_id) as transaction:
                users_of = UserService(transaction, who)
                user = await users_of.get_for_update(other.id)
                await asyncio.sleep(0.3)
                await users_of.update(user, UserUpdate(**DEMOTION))
        except LastOwnerError:
            return "refused"
        return "done"

    told = await asyncio.gather(demote(founder, second), demote(second, founder))

    assert sorted(told) == ["done", "refused"]


async def test_disabling_is_told_and_undone(
    service: Service, founder: Person, clock: HeldClock
) -> None:
    member = await founder.bring_in(COLLEAGUE)

    clock.move(seconds=1)
    disabled = await founder.change(member, disabled=True)
    clock.move(seconds=1)
    enabled = await founder.change(member, disabled=False)

    assert (disabled.json()["disabled"], enabled.json()["disabled"]) == (True, False)
    entries = (await service.trail(founder.tenant_id))[-2:]
    assert {entry.entity_id for entry in entries} == {member.id}
    assert [entry.before["disabled_at"] is None for entry in entries] == [True, False]


@pytest.mark.parametrize(
    "body",
    [
        {"role": FOUNDER.upper()},
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
    member = await founder.bring_in(COLLEAGUE)
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
        for body in ({"role": COLLEAGUE}, {"nonsense": 1})
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
