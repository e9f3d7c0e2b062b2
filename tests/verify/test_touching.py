"""What a run touches at its target, removes again, and keeps to itself."""

import json

from tests.verify.hostile import responding
from tests.verify.running import (
    CANARY,
    PASSED,
    asking,
    case,
    outcomes,
    spent,
)
from tospec.evidence import Outcome
from tospec.model.system import System
from tospec.verify.base import Answer, Judgement, Stage


def test_a_run_that_only_reads_writes_nothing(system: System) -> None:
    def writing(stage: Stage) -> Judgement:
        stage.send(stage.person("member"), "POST", "/v1/tasks", body={})
        return PASSED

    with responding(lambda _: ("200 OK", b"{}")) as found:
        cases = [case("w", writing), case("r", asking)]
        done = spent(cases, found.url, system, read_only=True)
        assert outcomes(done) == {"w": Outcome.SKIPPED, "r": Outcome.PASSED}
        assert not any(request.startswith(b"POST") for request in found.received)
        spent(cases, found.url, system)
        assert any(request.startswith(b"POST") for request in found.received)


def _tasks_of_others(request: bytes) -> tuple[str, bytes]:
    if request.startswith(b"POST"):
        return "201 Created", b'{"id": "mine-1"}'
    return "200 OK", b'{"items": [{"id": "theirs-1"}], "next": null}'


def test_objects_that_were_there_before_are_left_alone(system: System) -> None:
    def run(stage: Stage) -> Judgement:
        person = stage.person("member")
        stage.send(person, "POST", "/v1/tasks", body={})
        stage.send(person, "GET", "/v1/tasks")
        stage.send(person, "PATCH", "/v1/tasks/mine-1", body={})
        stage.send(person, "PATCH", "/v1/tasks/guessed-1", body={})
        stage.send(person, "PATCH", "/v1/tasks/theirs-1", body={})
        return PASSED

    with responding(_tasks_of_others) as found:
        done = spent([case("a", run)], found.url, system, guarded=True)
        assert outcomes(done) == {"a": Outcome.SKIPPED}
        patched = [r.split()[1] for r in found.received if r.startswith(b"PATCH")]
        assert patched == [b"/v1/tasks/mine-1", b"/v1/tasks/guessed-1"]
        free = spent([case("a", run)], found.url, system)
        assert outcomes(free) == {"a": Outcome.PASSED}


def test_what_was_made_is_removed_newest_first(system: System) -> None:
    numbers = iter(range(100))

    def respond(request: bytes) -> tuple[str, bytes]:
        if request.startswith(b"DELETE"):
            return "204 No Content", b""
        made = f"made-{next(numbers)}" if request.startswith(b"POST") else ""
        return "201 Created", json.dumps({"id": made}).encode()

    def run(stage: Stage) -> Judgement:
        for path in ("/v1/projects", "/v1/tasks", "/v1/tasks/made-1/comments"):
            stage.send(stage.person("owner"), "POST", path, body={})
        return PASSED

    with responding(respond) as found:
        done = spent([case("a", run)], found.url, system, jobs=1)
        removed = [r.split()[1] for r in found.received if r.startswith(b"DELETE")]
        assert removed == [b"/v1/comments/made-2", b"/v1/tasks/made-1", b"/v1/projects/made-0"]
        assert done.leftovers == ()
        found.received.clear()
        spent([case("a", run)], found.url, system, keep=True)
        assert not any(r.startswith(b"DELETE") for r in found.received)


def test_what_cannot_be_removed_is_told(system: System) -> None:
    def respond(request: bytes) -> tuple[str, bytes]:
        if request.startswith(b"DELETE"):
            return "409 Conflict", b"{}"
        return "201 Created", b'{"id": "made-1"}'

    def run(stage: Stage) -> Judgement:
        stage.send(stage.person("owner"), "POST", "/v1/projects", body={})
        return PASSED

    with responding(respond) as found:
        done = spent([case("a", run)], found.url, system)
    assert done.leftovers == ("1 Project: refused with 409",)


def test_cleaning_up_is_within_the_budget(system: System) -> None:
    def respond(request: bytes) -> tuple[str, bytes]:
        made = json.dumps({"id": f"made-{len(found.received)}"}).encode()
        return ("204 No Content", b"") if request.startswith(b"DELETE") else ("201 Created", made)

    def run(stage: Stage) -> Judgement:
        while True:
            stage.send(stage.person("owner"), "POST", "/v1/projects", body={})

    with responding(respond) as found:
        done = spent([case("a", run)], found.url, system, budget=9)
        removed = sum(request.startswith(b"DELETE") for request in found.received)
        assert len(found.received) <= 9
    assert done.leftovers == ()
    assert removed == 3


def test_secrets_are_in_nothing_that_is_kept(system: System) -> None:
    def run(stage: Stage) -> Judgement:
        person = stage.person("member")
        answer: Answer = stage.send(person, "POST", "/echo", body={"a": 1})
        tampered = stage.credentials(person)["authorization"][:-1] + "X"
        stage.send(None, "GET", "/echo", query={"t": tampered}, headers={"authorization": tampered})
        said = f"{answer.body!r} {answer.json}"
        return Judgement(outcome=Outcome.FAILED, got=said, detail=tampered, expected=said)

    with responding(lambda request: ("200 OK", json.dumps(request.decode()).encode())) as found:
        done = spent([case("a", run)], found.url, system)
        assert CANARY.encode() in b"".join(found.received)
    kept = repr(done)
    assert CANARY not in kept
    assert CANARY[:12] not in kept
    assert "MEMBER_1_TENANT_A" in kept
