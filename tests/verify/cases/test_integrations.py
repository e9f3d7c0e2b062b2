"""What is asked of other services, as a stub of the verifier sees it."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.verify.putting import Plan
from tests.verify.running import PASSED, asking, case, outcomes, spent, target
from tests.verify.serving import Template, free_port, serving
from tests.verify.stubbing import STUBBED, Outside, stub_of_mail
from tospec.errors import UsageError
from tospec.evidence import Outcome
from tospec.model import System
from tospec.verify.base import Judgement, Stage
from tospec.verify.coverage import elements_of, gaps_of
from tospec.verify.stubs.called import Reply, Stub
from tospec.verify.stubs.listener import listening, stubs_of
from tospec.verify.stubs.place import Place, places_of

MAIL = {"to": "ada@example.com", "subject": "Hello", "text": "Some text."}


@contextmanager
def _listening(system: System) -> Iterator[tuple[Stub, int]]:
    port = free_port()
    with listening(system.integration("mail"), "127.0.0.1", port) as stub:
        yield stub, port


def _post(port: int, body: object, path: str = "/base/messages", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("POST", path, json.dumps(body), named)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.xdist_group("faults")
def test_a_backend_asks_as_its_spec_says(
    taskhub_plan: Plan, taskhub_template: Template, tmp_path: Path
) -> None:
    outside = Outside.beside(tmp_path / "backend")
    with serving(taskhub_template.copy(tmp_path / "backend"), outside.settings) as url:
        cases = taskhub_plan.put(url, taskhub_plan.of_kinds((STUBBED,)), outside=outside)

    others = {each.id: each for each in cases if each.outcome is not Outcome.PASSED}
    assert {name: each.outcome for name, each in others.items()} == {
        "integrations/NotifyOverdue/called": Outcome.SKIPPED,
        "integrations/NotifyWebhookDisabled/called": Outcome.SKIPPED,
    }
    assert "other work" in others["integrations/NotifyOverdue/called"].detail
    assert len(cases) > 15


def test_without_a_stub_every_case_is_skipped_and_says_so(
    taskhub_url: str, taskhub_plan: Plan
) -> None:
    cases = taskhub_plan.put(taskhub_url, taskhub_plan.of_kinds((STUBBED,)))

    assert {each.outcome for each in cases} == {Outcome.SKIPPED}
    assert all("--stub mail=127.0.0.1:PORT" in each.detail for each in cases)
    elements = {"integration mail", *(e for e in elements_of(taskhub_plan.system) if "Notify" in e)}
    gaps = {gap.element: gap for gap in gaps_of(taskhub_plan.system, cases)}
    assert len(elements) == 6
    assert all(gaps[each].excused and "MAIL_URL" in gaps[each].reason for each in elements)


def test_a_stub_answers_as_the_spec_says_and_remembers(system: System) -> None:
    with _listening(system) as (stub, port):
        first = _post(port, MAIL, authorization="Bearer canary-1", idempotency_key="one")
        second = _post(port, MAIL)
        called = stub.since(0, lambda _: True)

    assert first[0] == second[0] == 200
    assert list(json.loads(first[1])) == ["id"]
    assert first != second
    assert [(each.call, each.key, each.proven) for each in called] == [
        ("send", "one", True),
        ("send", "", False),
    ]
    assert called[0].body == MAIL
    assert "canary" not in repr(called)


@pytest.mark.parametrize(
    ("body", "path", "status", "fault"),
    [
        (MAIL | {"cc": "x"}, "/messages", 422, "with cc"),
        ({"to": "a@example.com"}, "/messages", 422, "without subject, without text"),
        ([], "/messages", 422, "its body is no JSON object"),
        (MAIL, "/other", 404, "the spec has no such call"),
        (MAIL, "/messages", 200, ""),
    ],
)
def test_what_the_spec_does_not_have_is_a_fault(
    system: System, body: object, path: str, status: int, fault: str
) -> None:
    with _listening(system) as (stub, port):
        assert _post(port, body, path)[0] == status
        assert [each.fault for each in stub.since(0, lambda _: True)] == [fault]


def test_a_chunked_body_is_read(system: System) -> None:
    content = json.dumps(MAIL).encode()
    with _listening(system) as (stub, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        parts = iter([content[:10], content[10:]])
        connection.request("POST", "/messages", parts, encode_chunked=True)
        assert connection.getresponse().status == 200
        connection.close()
        assert stub.since(0, lambda _: True)[0].body == MAIL


def test_a_stub_fails_those_that_it_is_told_to_and_in_order(system: System) -> None:
    with _listening(system) as (stub, port):
        replies = (Reply(status=500, text="no"), Reply(status=0))
        orders = stub.order(lambda each: each.told("to") == MAIL["to"], *replies)
        assert _post(port, MAIL | {"to": "bob@example.com"})[0] == 200
        assert _post(port, MAIL) == (500, "no")
        with pytest.raises(http.client.RemoteDisconnected):
            _post(port, MAIL)
        assert _post(port, MAIL)[0] == 200
        stub.withdraw(orders)

        stays = stub.order(lambda _: True, Reply(status=429), stays=True)
        assert [_post(port, MAIL)[0] for _ in range(3)] == [429] * 3
        stub.withdraw(stays)
        assert _post(port, MAIL)[0] == 200


def test_waiting_ends_when_there_is_enough_or_time_is_up(system: System) -> None:
    with _listening(system) as (stub, port):
        assert stub.wait(0, lambda _: True, 1, 0.05) == []
        _post(port, MAIL)
        assert len(stub.wait(0, lambda _: True, 1, 5.0)) == 1
        assert stub.wait(stub.mark, lambda _: True, 1, 0.05) == []


def test_a_client_that_kept_its_connection_reaches_the_next_stub(system: System) -> None:
    port = free_port()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    for _ in range(2):
        with listening(system.integration("mail"), "127.0.0.1", port) as stub:
            try:
                connection.request("POST", "/messages", json.dumps(MAIL))
                connection.getresponse().read()
            except (http.client.RemoteDisconnected, ConnectionError):
                connection.close()
                connection.request("POST", "/messages", json.dumps(MAIL))
                connection.getresponse().read()
            assert stub.mark == 1
    connection.close()


def test_places_are_taken_apart() -> None:
    assert places_of(["mail=127.0.0.1:8025", "sms=localhost:9"]) == (
        Place(integration="mail", host="127.0.0.1", port=8025),
        Place(integration="sms", host="localhost", port=9),
    )


@pytest.mark.parametrize(
    "texts",
    [
        ["mail"],
        ["mail="],
        ["=127.0.0.1:80"],
        ["mail=127.0.0.1"],
        ["mail=127.0.0.1:99999"],
        ["mail=127.0.0.1:0"],
        ["mail=http://127.0.0.1:80"],
        ["mail=127.0.0.1:80/messages"],
        ["mail=0.0.0.0:80"],
        ["mail=192.0.2.1:80"],
        ["mail=127.0.0.1:80", "mail=127.0.0.1:81"],
    ],
)
def test_what_is_no_place_of_this_machine_is_refused(texts: list[str]) -> None:
    with pytest.raises(UsageError) as refusal:
        places_of(texts)
    assert "--stub NAME=127.0.0.1:PORT" in refusal.value.help


def test_a_service_that_the_spec_does_not_have_is_refused(system: System) -> None:
    place = replace(stub_of_mail(), integration="sms")
    with (
        pytest.raises(UsageError, match="no integration 'sms'") as refusal,
        stubs_of(system, (place,)),
    ):
        pass
    assert "mail" in refusal.value.help


def test_a_port_that_is_taken_is_told(system: System) -> None:
    with _listening(system) as (_, port), pytest.raises(UsageError) as refusal:
        place = Place(integration="mail", host="127.0.0.1", port=port)
        with stubs_of(system, (place,)):
            pass
    assert "MAIL_URL" in refusal.value.help


def test_a_stage_has_the_stubs_of_its_run(system: System) -> None:
    def seen(stage: Stage) -> Judgement:
        found = (stage.stub("mail") is not None, stage.stub("sms") is None)
        return PASSED if all(found) else Judgement(outcome=Outcome.FAILED)

    cases = (case("seen", seen), case("asked", asking))
    with target() as url:
        done = spent(cases, url, system, stubs=(stub_of_mail(),))
    assert set(outcomes(done).values()) == {Outcome.PASSED}
