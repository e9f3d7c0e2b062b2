"""Webhooks: what is received, what a signature is, and cases that need a receiver."""

import base64
import http.client
import json
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.verify.putting import Plan
from tests.verify.running import PASSED, case, outcomes, spent, target
from tests.verify.serving import Template, free_port, serving
from tests.verify.stubbing import Outside
from tospec.errors import UsageError
from tospec.evidence import Outcome
from tospec.model import System
from tospec.verify.base import Answer, Judgement, Stage, Unavailable
from tospec.verify.cases.webhooks.common import control
from tospec.verify.coverage import gaps_of
from tospec.verify.hooks.received import THANKS, Inbox, Received
from tospec.verify.hooks.receiver import receiving
from tospec.verify.scene.parts import Trial
from tospec.verify.stubs.called import Reply
from tospec.verify.stubs.place import Address, address_of

KIND = "webhooks"
# From the documents of Standard Webhooks.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of a document
SIGNED = {
    "id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "timestamp": "1614265330",
    "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "content": b'{"test": 2432232314}',
}


def received(**changes: object) -> Received:
    values = {
        "at": 0.0,
        "when": datetime.now(UTC),
        "method": "POST",
        "media_type": "application/json",
        **SIGNED,
        **changes,
    }
    return Received(**values)  # type: ignore[arg-type]  # one value of each kind


@pytest.mark.parametrize("comes", [True, False])
def test_an_event_from_before_is_no_control(comes: bool) -> None:
    inbox = Inbox("http://127.0.0.1:1/hooks/1")
    inbox.take(received(id="from before"))

    def happen() -> Answer:
        if comes:
            inbox.take(received(id="new"))
        return Answer(status=200, headers={}, body=b"", json={}, fault="", seconds=0.0)

    step = SimpleNamespace(operation=SimpleNamespace(name="SubmitTask"))
    happening: Any = SimpleNamespace(tells=lambda _: True, happen=happen, step=step)
    hook: Any = SimpleNamespace(inbox=inbox)
    expected = nullcontext() if comes else pytest.raises(Unavailable, match="not delivered")

    with expected:
        control(Trial("once"), "it", happening, hook, 0.05)


def post(url: str, body: Mapping[str, object], **headers: str) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("POST", parts.path, json.dumps(body), named)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_signature_is_that_of_secret_id_time_and_body() -> None:
    assert received().is_signed_with(SECRET)
    assert received(signature=f"v1,AAAA {SIGNED['signature']}").is_signed_with(SECRET)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "msg_other"},
        {"timestamp": "1614265331"},
        {"content": b'{"test": 2432232315}'},
        {"signature": ""},
        {"signature": str(SIGNED["signature"]).replace("v1,", "v2,")},
    ],
)
def test_anything_else_is_no_signature(changes: dict[str, object]) -> None:
    assert not received(**changes).is_signed_with(SECRET)


@pytest.mark.parametrize("secret", [f"whsec_{base64.b64encode(b'other').decode()}", "whsec_*"])
def test_another_secret_does_not_sign(secret: str) -> None:
    assert not received().is_signed_with(secret)


def test_each_inbox_has_an_address_and_replies_of_its_own() -> None:
    address = Address(host="127.0.0.1", port=free_port())
    with receiving(address) as receiver:
        assert receiver is not None
        one, other = receiver.open(), receiver.open()
        one.reply = lambda each, attempt: Reply(status=500) if attempt == 1 else THANKS
        body = {"type": "TaskCreated", "data": {"id": "7"}}
        assert [post(one.url, body, webhook_id="a") for _ in range(2)] == [500, 200]
        assert post(one.url, body, webhook_id="b") == 500
        assert post(f"{receiver.base}/hooks/unknown", body) == 404
        assert [each.id for each in one.those(lambda _: True)] == ["a", "a", "b"]
        assert one.wait(lambda each: each.data == {"id": "7"}, 3, 0.0)[0].type == "TaskCreated"
        assert other.wait(lambda _: True, 1, 0.05) == []


def test_what_is_no_json_object_is_received_as_nothing() -> None:
    with receiving(Address(host="127.0.0.1", port=free_port())) as receiver:
        assert receiver is not None
        inbox = receiver.open()
        post(inbox.url, ["a"])  # type: ignore[arg-type]  # on purpose
        (found,) = inbox.those(lambda _: True)
        assert (found.type, found.data, found.content) == ("", {}, b'["a"]')


def test_a_port_that_is_taken_is_told() -> None:
    address = Address(host="127.0.0.1", port=free_port())
    with (
        receiving(address),
        pytest.raises(UsageError, match="cannot listen at") as refusal,
        receiving(address),
    ):
        pass
    assert "--hooks" in refusal.value.help


def test_an_address_is_taken_apart() -> None:
    assert address_of("127.0.0.1:8026") == Address(host="127.0.0.1", port=8026)


@pytest.mark.parametrize(
    "text", ["", "127.0.0.1", "x", "127.0.0.1:0", "192.0.2.1:80", "0.0.0.0:80"]
)
def test_what_is_no_address_of_this_machine_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        address_of(text)
    assert "--hooks 127.0.0.1:PORT" in refusal.value.help


def test_a_stage_has_the_receiver_of_its_run(system: System) -> None:
    def seen(stage: Stage) -> Judgement:
        there = stage.receiver is not None and stage.clock is None
        return PASSED if there else Judgement(outcome=Outcome.FAILED)

    with target() as url:
        hooks = Address(host="127.0.0.1", port=free_port())
        done = spent((case("seen", seen),), url, system, hooks=hooks)
        without = spent((case("seen", seen),), url, system)
    assert set(outcomes(done).values()) == {Outcome.PASSED}
    assert set(outcomes(without).values()) == {Outcome.FAILED}


def test_without_a_receiver_every_case_is_skipped_and_says_so(
    taskhub_url: str, taskhub_plan: Plan
) -> None:
    cases = taskhub_plan.put(taskhub_url, taskhub_plan.of_kinds((KIND,)))

    assert len(cases) > 50
    assert {each.outcome for each in cases} == {Outcome.SKIPPED}
    assert all("--hooks 127.0.0.1:PORT" in each.detail for each in cases)
    gaps = {gap.element: gap for gap in gaps_of(taskhub_plan.system, cases)}
    for element in ("webhooks", "event TaskCreated", "event TaskOverdue"):
        assert gaps[element].excused


@pytest.mark.slow
@pytest.mark.xdist_group("faults")
def test_a_backend_delivers_as_its_spec_says(
    taskhub_plan: Plan, taskhub_template: Template, tmp_path: Path
) -> None:
    outside = Outside.beside(tmp_path / "backend")
    with serving(taskhub_template.copy(tmp_path / "backend"), outside.settings) as url:
        cases = taskhub_plan.put(url, taskhub_plan.of_kinds((KIND,)), outside=outside)

    others = {each.id: each for each in cases if each.outcome is not Outcome.PASSED}
    assert {name: each.outcome for name, each in others.items()} == {
        "webhooks/TaskOverdue/delivered": Outcome.SKIPPED,
    }


@pytest.mark.slow
@pytest.mark.xdist_group("faults")
def test_a_target_that_may_not_deliver_here_leaves_it_open(
    taskhub_plan: Plan, taskhub_template: Template, tmp_path: Path
) -> None:
    outside = Outside.beside(tmp_path / "backend")
    settings = {**outside.settings, "WEBHOOKS_INSECURE": "false"}
    with serving(taskhub_template.copy(tmp_path / "backend"), settings) as url:
        cases = taskhub_plan.put(url, taskhub_plan.of_kinds((KIND,), ("tried",)), outside=outside)

    assert [each.outcome for each in cases] == [Outcome.INCONCLUSIVE]
    assert "WEBHOOKS_INSECURE=true" in cases[0].detail
