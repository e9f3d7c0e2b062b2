"""Sign-up creates a tenant with its first person as founder."""

import pytest

from app.authorization.permissions import FOUNDER
from app.events.accounts import TenantCreated, UserJoined
from app.security.password_rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from tests.accounts.people import Service, new_email, new_password, outcome, refusal, require_told
from tests.requirements import ACCOUNTS

pytestmark = pytest.mark.requirement(*ACCOUNTS)


async def test_makes_a_tenant_and_its_founder(service: Service) -> None:
    email = new_email()
    response = await service.sign_up(email=email, tenant_name="Acme", name="Zoë Ünal")

    body = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/users/{body['user']['id']}"
    assert body["tenant"]["name"] == "Acme"
    assert body["user"] == {
        "id": body["user"]["id"],
        "email": email,
        "name": "Zoë Ünal",
        "handle": "zoe-unal",
        "role": FOUNDER,
    }


async def test_announces_the_tenant_and_its_founder(service: Service) -> None:
    founder = await service.founder()
    me = (await founder.get("/v1/me")).json()

    told = await service.events(founder.tenant_id)

    require_told(told, {TenantCreated.NAME: me["tenant"], UserJoined.NAME: me["user"]})


async def test_leaves_audit_entries_by_the_founder(service: Service) -> None:
    founder = await service.founder()

    trail = await service.trail(founder.tenant_id)

    assert [entry.action for entry in trail] == ["tenant.create", "user.create"]
    assert {entry.actor_id for entry in trail} == {founder.id}
    assert trail[1].after["email"] == founder.email
    assert "password_hash" not in trail[1].after


async def test_one_address_has_one_account_however_it_is_written(service: Service) -> None:
    email = new_email()
    assert (await service.sign_up(email=email)).status_code == 201

    again = await service.sign_up(email=email.upper())

    assert outcome(again) == (409, "conflict-unique")
    assert refusal(again)["fields"] == ["email"]


async def test_a_refused_sign_up_leaves_nothing(service: Service) -> None:
    founder = await service.founder()
    before = await service.trail(founder.tenant_id), await service.events(founder.tenant_id)

    assert (await service.sign_up(email=founder.email)).status_code == 409

    after = await service.trail(founder.tenant_id), await service.events(founder.tenant_id)
    assert after == before


@pytest.mark.parametrize(
    ("length", "status"),
    [
        (MIN_PASSWORD_LENGTH - 1, 422),
        (MIN_PASSWORD_LENGTH, 201),
        (MAX_PASSWORD_LENGTH, 201),
        (MAX_PASSWORD_LENGTH + 1, 422),
    ],
)
async def test_a_password_has_so_many_code_points(
    service: Service, length: int, status: int
) -> None:
    # Four bytes each: it is characters that count, and nothing is cut off.
    email, password = new_email(), "🜁" * length
    response = await service.sign_up(email=email, password=password)

    assert response.status_code == status
    if status == 201:
        assert (await service.sign_in(email, password)).status_code == 200
        assert (await service.sign_in(email, password[:-1] + "x")).status_code == 401
    else:
        assert [each["pointer"] for each in refusal(response)["errors"]] == ["#/password"]


async def test_a_password_is_not_normalised(service: Service) -> None:
    email = new_email()
    rest = "x" * (MIN_PASSWORD_LENGTH - 1)
    composed, decomposed = f"é{rest}", f"e\N{COMBINING ACUTE ACCENT}{rest}"
    assert (await service.sign_up(email=email, password=composed)).status_code == 201

    assert (await service.sign_in(email, decomposed)).status_code == 401
    assert (await service.sign_in(email, composed)).status_code == 200


@pytest.mark.parametrize(
    "email",
    ["nobody", "a@b", "a b@example.org", "a@example.org\r\nBcc: x@example.org", "é@example.org"],
)
async def test_an_address_must_be_one(service: Service, email: str) -> None:
    response = await service.sign_up(email=email)

    assert outcome(response) == (422, "validation-error")
    assert [each["pointer"] for each in refusal(response)["errors"]] == ["#/email"]


@pytest.mark.parametrize("member", ["role", "tenant_id", "id", "is_admin", "password_hash"])
async def test_server_owned_members_are_refused(service: Service, member: str) -> None:
    response = await service.sign_up(**{member: FOUNDER})

    assert outcome(response) == (422, "validation-error")


async def test_every_fault_is_told_at_once_and_no_value(service: Service) -> None:
    password = new_password()[: MIN_PASSWORD_LENGTH - 1]
    response = await service.sign_up(tenant_name="", name="x" * 121, email="?", password=password)

    pointers = [each["pointer"] for each in refusal(response)["errors"]]
    assert pointers == ["#/email", "#/name", "#/password", "#/tenant_name"]
    assert password not in response.text


async def test_two_tenants_share_names_and_handles(service: Service) -> None:
    one, two = await service.founder("Kim Lee"), await service.founder("Kim Lee")

    assert one.tenant_id != two.tenant_id
    for person in (one, two):
        assert (await person.get("/v1/me")).json()["user"]["handle"] == "kim-lee"


async def test_without_letters_a_handle_is_made_up(service: Service) -> None:
    founder = await service.founder("李雷")
    assert (await founder.get("/v1/me")).json()["user"]["handle"] == "user"
