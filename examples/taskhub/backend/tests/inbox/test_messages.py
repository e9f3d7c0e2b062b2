"""Messages of other services are taken in once, for the tenant of the row that they are about."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select

from app.api.inbox import receive_messages
from app.core.clock import SystemClock
from app.core.ids import new_id
from app.core.settings import Settings
from app.events.outbox import Outbox
from app.models.outbox_message import OutboxMessage, outbox_messages
from tests.inbox.sending import Known, Mouth, written
from tests.inbox.signing import new_secret, signed
from tests.requirements import MESSAGES
from tests.world import Person, World

pytestmark = pytest.mark.requirement(*MESSAGES)

UNSIGNED = {"content-type": "application/json"}


@pytest.fixture
def me(world: World) -> Person:
    return world.home.somebody


async def heard(world: World, known: Known) -> list[OutboxMessage]:
    """Return what such messages have announced in the tenant `home`."""
    return [event for event in await world.events() if event.type == known.event]


async def test_a_message_becomes_an_event_of_the_tenant_that_has_the_row(
    world: World, known: Known, mouth: Mouth, me: Person
) -> None:
    row = await known.make(me)

    answer = await mouth.say(known.body(row.id))

    assert (answer.status_code, answer.content) == (204, b"")
    [event] = await heard(world, known)
    assert str(row.id) in event.payload.values()
    of_others = select(outbox_messages).where(outbox_messages.c.type == known.event)
    async with world.database.read(world.other.id) as transaction:
        own = of_others.where(outbox_messages.c.tenant_id == world.other.id)
        assert await transaction.all(own) == []


async def test_a_message_that_comes_again_is_acknowledged_and_does_nothing(
    world: World, known: Known, mouth: Mouth, me: Person
) -> None:
    body = known.body((await known.make(me)).id)

    answers = [await mouth.say(body, message_id="msg_" + str(me.id)) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert len(await heard(world, known)) == 1


async def test_the_same_said_under_two_ids_is_two_messages(
    world: World, known: Known, mouth: Mouth, me: Person
) -> None:
    body = known.body((await known.make(me)).id)

    for _ in range(2):
        assert (await mouth.say(body)).status_code == 204

    assert len(await heard(world, known)) == 2


async def test_of_a_message_that_comes_many_times_at_once_one_counts(
    world: World, known: Known, mouth: Mouth, me: Person
) -> None:
    body = known.body((await known.make(me)).id)
    headers = signed(body, mouth.secret)

    answers = await asyncio.gather(*(mouth.send(body, headers) for _ in range(8)))

    assert {answer.status_code for answer in answers} == {204}
    assert len(await heard(world, known)) == 1


async def test_a_message_that_came_to_nothing_may_come_again(
    world: World, known: Known, mouth: Mouth, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = known.body((await known.make(me)).id)
    headers = signed(body, mouth.secret)

    async def fail(*_: Any) -> None:
        message = "nothing is stored"
        raise LookupError(message)

    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "add", fail)
        assert (await mouth.send(body, headers)).status_code == 500
    assert await heard(world, known) == []

    assert (await mouth.send(body, headers)).status_code == 204
    assert len(await heard(world, known)) == 1


@pytest.mark.parametrize("without", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_a_message_without_a_part_of_its_proof_is_refused(
    world: World, known: Known, mouth: Mouth, me: Person, without: str
) -> None:
    body = known.body((await known.make(me)).id)
    headers = {**signed(body, mouth.secret)}
    del headers[without]

    answer = await mouth.send(body, headers)

    refused(answer, 401, "message-not-verified")
    assert answer.headers["www-authenticate"] == 'Standard-Webhooks realm="api"'
    assert await heard(world, known) == []


async def test_a_message_of_somebody_else_is_refused(
    world: World, known: Known, mouth: Mouth, me: Person
) -> None:
    body = known.body((await known.make(me)).id)

    for each in (replace(mouth, secret=new_secret()), replace(mouth, secret="whsec_")):
        refused(await each.say(body), 401, "message-not-verified")

    assert await heard(world, known) == []
    assert (await mouth.say(body)).status_code == 204


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_a_proof_that_stands_there_twice_is_refused(
    world: World, known: Known, mouth: Mouth, me: Person, header: str
) -> None:
    body = known.body((await known.make(me)).id)
    headers = [*signed(body, mouth.secret).items()]
    headers.append((header, dict(headers)[header]))

    answer = await mouth.client.post(mouth.sender.path, content=body, headers=headers)

    refused(answer, 401, "message-not-verified")
    assert await heard(world, known) == []


async def test_a_message_that_was_changed_on_its_way_is_refused(
    world: World, known: Known, mouth: Mouth, me: Person
) -> None:
    one, other = [known.body((await known.make(me)).id) for _ in range(2)]
    headers = signed(one, mouth.secret)

    refused(await mouth.send(other, headers), 401, "message-not-verified")
    refused(await mouth.send(one + b" ", headers), 401, "message-not-verified")
    refused(
        await mouth.send(one, {**headers, "webhook-id": "msg_other"}), 401, "message-not-verified"
    )

    assert await heard(world, known) == []


@pytest.mark.parametrize("direction", [-1, 1])
async def test_a_message_of_another_time_is_refused(
    world: World, known: Known, mouth: Mouth, me: Person, direction: int
) -> None:
    body = known.body((await known.make(me)).id)
    now = SystemClock().now().timestamp()
    far = int(now + direction * (known.sender.tolerance.total_seconds() + 60))
    near = int(now + direction * (known.sender.tolerance.total_seconds() - 60))

    refused(await mouth.say(body, timestamp=far), 401, "message-not-verified")
    assert await heard(world, known) == []

    assert (await mouth.say(body, timestamp=near)).status_code == 204


@pytest.fixture
def reception(served: FastAPI) -> Iterator[FastAPI]:
    """The application, which believes after a test whom it believed before."""
    before = served.state.reception
    yield served
    served.state.reception = before


async def test_what_signed_before_is_believed_while_it_is_being_changed(
    known: Known, mouth: Mouth, me: Person, reception: FastAPI, served_settings: Settings
) -> None:
    body = known.body((await known.make(me)).id)
    after, before = new_secret(), new_secret()

    def use(*secrets: str | None) -> None:
        held = [SecretStr(each) if each else None for each in secrets]
        sender = replace(known.sender, secrets=lambda _: (held[0], held[1]))
        receive_messages(reception, [sender], served_settings, SystemClock())

    async def believed(secret: str) -> bool:
        return (await replace(mouth, secret=secret).say(body)).status_code == 204

    use(before, None)
    assert (await believed(before), await believed(after)) == (True, False)
    use(after, before)
    assert (await believed(before), await believed(after)) == (True, True)
    use(after, None)
    assert (await believed(before), await believed(after)) == (False, True)
    use(None, None)
    assert (await believed(before), await believed(after)) == (False, False)


async def test_who_sent_a_message_is_judged_before_what_it_says(mouth: Mouth) -> None:
    for body in (b"{", b"[]", b"\xff", written(type=7)):
        refused(await mouth.send(body, UNSIGNED), 401, "message-not-verified")
    refused(await mouth.send(b"<a/>", {"content-type": "text/xml"}), 401, "message-not-verified")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"{} {}", b'{"type":"a","type":"b"}', b"NaN"])
async def test_a_message_that_is_no_json_is_refused(mouth: Mouth, body: bytes) -> None:
    refused(await mouth.say(body), 400, "malformed-json")


@pytest.mark.parametrize("body", [b"[]", b"7", b"null", b"{}", b'{"type":null}', b'{"type":7}'])
async def test_a_message_without_a_type_is_refused(mouth: Mouth, body: bytes) -> None:
    refused(await mouth.say(body), 422, "validation-error")


@pytest.mark.parametrize("data", [None, [], "x", 7])
async def test_a_message_that_tells_nothing_is_refused(
    known: Known, mouth: Mouth, data: Any
) -> None:
    refused(await mouth.say(written(type=known.type, data=data)), 422, "validation-error")
    refused(await mouth.say(written(type=known.type)), 422, "validation-error")


@pytest.mark.parametrize("about", ["", "x", 7, [], {}, "00000000000000000000000000000000"])
async def test_an_id_of_another_form_is_refused(known: Known, mouth: Mouth, about: Any) -> None:
    body = written(type=known.type, data={**known.data, known.about: about})

    answer = await mouth.say(body)

    refused(answer, 422, "validation-error")
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == f"#/data/{known.about}"


async def test_a_message_about_no_row_is_acknowledged_and_does_nothing(
    world: World, known: Known, mouth: Mouth
) -> None:
    assert (await mouth.say(known.body(new_id()))).status_code == 204

    wanted = 204 if known.optional else 422
    assert (await mouth.say(known.body(None))).status_code == wanted
    assert await heard(world, known) == []


async def test_a_message_of_another_type_is_answered_as_the_spec_says(
    known: Known, mouth: Mouth
) -> None:
    answer = await mouth.say(written(type=f"{known.type}.other", data={"a": 1}))

    if known.sender.refuses_unknown:
        refused(answer, 422, "validation-error")
        assert [each["pointer"] for each in answer.json()["errors"]] == ["#/type"]
    else:
        assert answer.status_code == 204


async def test_what_nobody_asks_for_is_passed_over(
    world: World, known: Known, mouth: Mouth, me: Person
) -> None:
    message = json.loads(known.body((await known.make(me)).id))
    message["data"]["tenant_id"] = str(world.other.id)
    message |= {"tenant_id": str(world.other.id), "timestamp": "2030-01-02T03:04:05Z"}

    assert (await mouth.say(written(**message))).status_code == 204

    [event] = await heard(world, known)
    assert event.tenant_id == world.home.id
    assert str(world.other.id) not in str(event.payload)


async def test_a_body_of_another_kind_is_refused(
    world: World, known: Known, mouth: Mouth, me: Person
) -> None:
    body = known.body((await known.make(me)).id)
    headers = signed(body, mouth.secret)

    for more in ({"content-type": "text/plain"}, {"content-encoding": "gzip"}):
        refused(await mouth.send(body, {**headers, **more}), 415, "unsupported-media-type")
    assert await heard(world, known) == []


async def test_a_body_that_is_too_large_is_refused(mouth: Mouth, served_settings: Settings) -> None:
    body = b" " * (served_settings.max_body_size + 1)

    refused(await mouth.say(body), 413, "content-too-large")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_messages_come_by_post(mouth: Mouth, method: str) -> None:
    answer = await mouth.client.request(method, mouth.sender.path)

    refused(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "OPTIONS, POST"


def refused(answer: Any, status: int, slug: str) -> None:
    """Require that an answer is the refusal `slug`, and tells nothing of the secret."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith(f"/problems/{slug}")
    assert "whsec" not in answer.text
    assert UUID(answer.json()["instance"].removeprefix("urn:uuid:"))
