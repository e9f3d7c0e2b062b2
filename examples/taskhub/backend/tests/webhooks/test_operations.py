"""What people may do to webhooks: those of their own tenant, if their role may."""

import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import insert

from app.authorization.permissions import Role
from app.core.ids import new_id
from app.core.webhook_rules import ATTEMPTS, LIMIT
from app.db.webhooks_security import COURIER_SCOPE
from app.models.webhook_delivery import WebhookDeliveryState, webhook_deliveries
from app.models.webhook_event import WebhookEvent
from tests.jobs.deeds import PAST
from tests.requirements import WEBHOOKS
from tests.webhooks.hooks import ALLOWED, CHOSEN, REFUSED
from tests.world import Person, Tenant, World, faults, refused

pytestmark = pytest.mark.requirement(*WEBHOOKS)

DOCUMENT: Final = json.loads((Path(__file__).parents[2] / "docs/openapi.json").read_bytes())
URL: Final = "https://hooks.example.com/in"
BODY: Final = {"url": URL, "events": [str(CHOSEN)]}
NOBODYS: Final = UUID(int=1)
READS: Final = [
    "/v1/webhooks",
    f"/v1/webhooks/{NOBODYS}",
    "/v1/webhook-deliveries",
    f"/v1/webhook-deliveries/{NOBODYS}",
]
CHANGES: Final = [
    ("POST", "/v1/webhooks"),
    ("PATCH", f"/v1/webhooks/{NOBODYS}"),
    ("DELETE", f"/v1/webhooks/{NOBODYS}"),
    ("POST", f"/v1/webhooks/{NOBODYS}/rotate-secret"),
    ("POST", f"/v1/webhooks/{NOBODYS}/ping"),
    ("POST", f"/v1/webhook-deliveries/{NOBODYS}/redeliver"),
]


@pytest.fixture
def me(world: World) -> Person:
    return world.home[ALLOWED[0]]


async def created(by: Person, **values: Any) -> dict[str, Any]:
    response = await by.post("/v1/webhooks", {**BODY, **values})
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def tag_of(by: Person, webhook_id: str) -> str:
    return (await by.get(f"/v1/webhooks/{webhook_id}")).headers["etag"]


async def changed(by: Person, webhook_id: str, **values: Any) -> httpx.Response:
    tag = await tag_of(by, webhook_id)
    return await by.patch(f"/v1/webhooks/{webhook_id}", values, if_match=tag)


async def delivery(world: World, tenant: Tenant, webhook_id: str, **values: Any) -> UUID:
    """Store a delivery that has failed, and return its id."""
    row = {
        "id": new_id(),
        "tenant_id": tenant.id,
        "webhook_id": UUID(webhook_id),
        "event_id": new_id(),
        "type": str(CHOSEN),
        "payload": {"id": "1"},
        "occurred_at": PAST,
        "state": WebhookDeliveryState.FAILED,
        "run_at": PAST,
        "attempt": ATTEMPTS,
        "max_attempts": ATTEMPTS,
        "status": 500,
        "reason": "status 500",
        "attempts": [{"at": "then", "status": 500, "reason": "status 500", "duration_ms": 3}],
        "created_at": PAST,
        "finished_at": PAST,
        **values,
    }
    async with world.database.opened(COURIER_SCOPE) as transaction:
        await transaction.execute(insert(webhook_deliveries).values(row))
    found: UUID = row["id"]
    return found


async def test_a_secret_is_told_once(world: World, me: Person) -> None:
    response = await me.post("/v1/webhooks", BODY)

    assert response.status_code == 201
    made = response.json()
    assert response.headers["location"] == f"/v1/webhooks/{made['id']}"
    assert made["secret"].startswith("whsec_")
    assert (made["url"], made["events"], made["active"]) == (URL, [CHOSEN], True)
    assert (made["disabled_because"], made["owner_id"]) == (None, str(me.id))
    read = await me.get(f"/v1/webhooks/{made['id']}")
    listed = await me.get("/v1/webhooks")
    assert read.json() == {name: value for name, value in made.items() if name != "secret"}
    assert listed.json()["items"] == [read.json()]
    assert read.headers["etag"] == response.headers["etag"]
    again = await changed(me, made["id"], active=False)
    deleted = await me.delete(f"/v1/webhooks/{made['id']}")
    assert (again.status_code, deleted.status_code) == (200, 204)
    trail = await world.audit_entries()
    assert [each.action for each in trail] == ["webhook.create", "webhook.update", "webhook.delete"]
    told = [str(each) for each in (*trail, *await world.events())]
    for text in (read.text, listed.text, again.text, *told):
        assert made["secret"] not in text
        assert "salt" not in text


async def test_a_request_that_is_repeated_makes_one_webhook_and_tells_no_secret(
    me: Person,
) -> None:
    described = DOCUMENT["paths"]["/v1/webhooks"]["post"].get("parameters", [])
    if "Idempotency-Key" not in {each["name"] for each in described}:
        pytest.skip("No operation of this service takes a key.")
    headers = {"idempotency-key": str(uuid4())}

    first = await me.request("POST", "/v1/webhooks", BODY, headers=headers)
    second = await me.request("POST", "/v1/webhooks", BODY, headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == {**first.json(), "secret": None}
    assert len(await me.listed("/v1/webhooks")) == 1
    other = {**BODY, "url": f"{URL}/other"}
    third = await me.request("POST", "/v1/webhooks", other, headers=headers)
    assert refused(third) == (422, "idempotency-key-reused")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://hooks.example.com/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://[::1]/",
        ),
        *("https://169.254.169.254/latest", "https://user@hooks.example.com/", "https://10.0.0.1/"),
        *("https://hooks.example.com:22/", "https://2130706433/", "file:///etc/passwd", "nonsense"),
        *("https://printer.local/", "https://[::ffff:10.0.0.1]/", "https://0x7f.1/"),
    ],
)
async def test_an_address_of_an_inner_network_is_refused(me: Person, url: str) -> None:
    response = await me.post("/v1/webhooks", {**BODY, "url": url})

    assert faults(response) == [("#/url", "unfit_endpoint")]
    made = await created(me)
    assert faults(await changed(me, made["id"], url=url)) == [("#/url", "unfit_endpoint")]


@pytest.mark.parametrize(
    "body",
    [
        {"url": URL},
        {"events": BODY["events"]},
        {**BODY, "events": []},
        {**BODY, "events": ["NoSuchEvent"]},
        {**BODY, "events": BODY["events"] * 2},
        {**BODY, "events": None},
        {**BODY, "url": None},
        {**BODY, "url": f"https://hooks.example.com/{'x' * 2048}"},
        {**BODY, "active": False},
        {**BODY, "secret": "whsec_own"},
    ],
)
async def test_a_body_of_another_form_is_refused(me: Person, body: dict[str, Any]) -> None:
    assert (await me.post("/v1/webhooks", body)).status_code == 422
    assert await me.listed("/v1/webhooks") == []


async def test_webhooks_have_a_limit(world: World, me: Person) -> None:
    for _ in range(LIMIT):
        await created(me)

    response = await me.post("/v1/webhooks", BODY)

    assert refused(response) == (409, "WEBHOOK_LIMIT")
    await created(world.other[ALLOWED[0]])


async def test_a_webhook_is_changed_by_whoever_knows_it(me: Person) -> None:
    made = await created(me)
    path, tag = f"/v1/webhooks/{made['id']}", await tag_of(me, made["id"])
    every = [str(each) for each in WebhookEvent]

    response = await me.patch(path, {"events": every, "url": f"{URL}/b"}, if_match=tag)

    assert response.status_code == 200, response.text
    assert (response.json()["events"], response.json()["url"]) == (every, f"{URL}/b")
    assert refused(await me.patch(path, {}, if_match=tag)) == (412, "precondition-failed")
    assert refused(await me.patch(path, {})) == (428, "precondition-required")
    assert refused(await me.delete(path, if_match=tag)) == (412, "precondition-failed")
    stale = await me.post(f"{path}/rotate-secret", if_match=tag)
    assert refused(stale) == (412, "precondition-failed")
    assert faults(await changed(me, made["id"], owner_id=str(me.id))) == [("#", "unknown")]


async def test_a_webhook_that_is_switched_off_waits_for_nothing(world: World, me: Person) -> None:
    made = await created(me)
    waits = await delivery(world, world.home, made["id"], state=WebhookDeliveryState.WAITING)

    off = await changed(me, made["id"], active=False)

    assert off.json()["active"] is False
    told = (await me.get(f"/v1/webhook-deliveries/{waits}")).json()
    assert told["state"] == "cancelled"
    path = f"/v1/webhook-deliveries/{waits}/redeliver"
    assert refused(await me.post(path)) == (409, "WEBHOOK_INACTIVE")
    assert refused(await me.post(f"/v1/webhooks/{made['id']}/ping")) == (409, "WEBHOOK_INACTIVE")
    assert (await changed(me, made["id"], active=True)).json()["active"] is True
    assert (await me.post(path)).status_code == 200


async def test_another_secret_is_told_once_as_well(world: World, me: Person) -> None:
    made = await created(me)

    response = await me.post(f"/v1/webhooks/{made['id']}/rotate-secret")

    assert response.status_code == 200
    rotated = response.json()
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != made["secret"]
    assert rotated["version"] == made["version"] + 1
    *_, entry = await world.audit_entries()
    assert (entry.action, entry.entity_id) == ("webhook.rotate_secret", UUID(made["id"]))
    assert "salt" not in str(entry.after)


async def test_a_webhook_is_tried_out(me: Person) -> None:
    made = await created(me)

    response = await me.post(f"/v1/webhooks/{made['id']}/ping")

    assert response.status_code == 201
    told = response.json()
    assert response.headers["location"] == f"/v1/webhook-deliveries/{told['id']}"
    assert (told["type"], told["state"], told["max_attempts"]) == ("webhook.test", "waiting", 1)
    assert told["payload"] == {"webhook_id": made["id"]}


async def test_deliveries_are_listed_the_newest_first(world: World, me: Person) -> None:
    one, other = await created(me), await created(me)
    failed = await delivery(world, world.home, one["id"])
    done = await delivery(
        world, world.home, one["id"], state=WebhookDeliveryState.DELIVERED, status=204
    )
    last = await delivery(world, world.home, other["id"])
    foreign = await created(world.other[ALLOWED[0]])
    await delivery(world, world.other, foreign["id"])

    path = "/v1/webhook-deliveries"
    assert await me.listed(path) == [last, done, failed]
    assert await me.walked(path, limit=1) == [last, done, failed]
    assert await me.listed(path, webhook_id=one["id"]) == [done, failed]
    assert await me.listed(path, state="failed") == [last, failed]
    assert await me.listed(path, state="failed", webhook_id=one["id"]) == [failed]
    assert await me.listed(path, webhook_id=foreign["id"]) == []
    assert (await me.get(path, state="nonsense")).status_code == 422


async def test_a_delivery_tells_what_became_of_it(world: World, me: Person) -> None:
    made = await created(me)
    failed = await delivery(world, world.home, made["id"], token=new_id())

    told = (await me.get(f"/v1/webhook-deliveries/{failed}")).json()

    assert (told["state"], told["status"], told["reason"]) == ("failed", 500, "status 500")
    assert told["attempts"] == [
        {"at": "then", "status": 500, "reason": "status 500", "duration_ms": 3}
    ]
    assert told["payload"] == {"id": "1"}
    assert "token" not in told


@pytest.mark.parametrize("state", list(WebhookDeliveryState))
async def test_what_has_ended_is_delivered_anew(
    world: World, me: Person, state: WebhookDeliveryState
) -> None:
    made = await created(me)
    id_ = await delivery(world, world.home, made["id"], state=state)
    before = (await me.get(f"/v1/webhook-deliveries/{id_}")).json()

    response = await me.post(f"/v1/webhook-deliveries/{id_}/redeliver")

    if state is WebhookDeliveryState.WAITING:
        assert refused(response) == (409, "invalid-transition")
        return
    assert response.status_code == 200, response.text
    told = response.json()
    assert (told["state"], told["attempt"], told["reason"]) == ("waiting", 0, None)
    assert (told["event_id"], told["attempts"]) == (before["event_id"], before["attempts"])
    *_, entry = await world.audit_entries()
    assert (entry.action, entry.actor_id, entry.entity_id) == ("webhook.redeliver", me.id, id_)


async def test_a_webhook_that_is_deleted_takes_its_deliveries_along(
    world: World, me: Person
) -> None:
    made = await created(me)
    id_ = await delivery(world, world.home, made["id"])

    assert (await me.delete(f"/v1/webhooks/{made['id']}")).status_code == 204

    assert refused(await me.get(f"/v1/webhooks/{made['id']}")) == (404, "not-found")
    assert refused(await me.get(f"/v1/webhook-deliveries/{id_}")) == (404, "not-found")


async def test_webhooks_of_others_do_not_exist(world: World, me: Person) -> None:
    stranger = world.other[ALLOWED[0]]
    foreign = await created(stranger)
    sent = await delivery(world, world.other, foreign["id"])

    for hook, id_ in ((foreign["id"], sent), (uuid4(), uuid4())):
        asked = [
            await me.get(f"/v1/webhooks/{hook}"),
            await me.patch(f"/v1/webhooks/{hook}", {"active": False}, if_match="*"),
            await me.delete(f"/v1/webhooks/{hook}"),
            await me.post(f"/v1/webhooks/{hook}/rotate-secret"),
            await me.post(f"/v1/webhooks/{hook}/ping"),
            await me.get(f"/v1/webhook-deliveries/{id_}"),
            await me.post(f"/v1/webhook-deliveries/{id_}/redeliver"),
        ]
        assert {refused(each) for each in asked} == {(404, "not-found")}
    assert await me.listed("/v1/webhooks") == []
    assert (await stranger.get(f"/v1/webhooks/{foreign['id']}")).json()["version"] == 1


@pytest.mark.parametrize("role", REFUSED)
@pytest.mark.parametrize("path", READS)
async def test_who_may_not_learns_nothing(world: World, role: Role, path: str) -> None:
    assert refused(await world.home[role].get(path)) == (403, "permission-denied")


@pytest.mark.parametrize("role", REFUSED)
@pytest.mark.parametrize(("method", "path"), CHANGES)
async def test_who_may_not_does_nothing(world: World, role: Role, method: str, path: str) -> None:
    body = BODY if path == "/v1/webhooks" else {} if method == "PATCH" else None

    response = await world.home[role].request(method, path, body, if_match="*")

    assert refused(response) == (403, "permission-denied")
