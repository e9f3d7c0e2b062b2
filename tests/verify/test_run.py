"""Runs: what cases are given, and what becomes of what they conclude."""

import json
import threading
import time
from collections import Counter

import pytest

from tests.verify.hostile import responding
from tests.verify.running import (
    PASSED,
    Run,
    asking,
    case,
    outcomes,
    raising,
    spent,
    target,
)
from tospec.errors import UsageError
from tospec.evidence import Outcome
from tospec.model.system import System
from tospec.verify.base import Judgement, Refused, Request, Stage, Unavailable


def test_all_that_was_asked_passed(system: System) -> None:
    with target() as url:
        done = spent([case("a", asking), case("b", asking)], url, system, only=("given",))
    assert (done.outcome, done.complete, done.requests) == (Outcome.PASSED, True, 2)
    assert outcomes(done) == {"a": Outcome.PASSED, "b": Outcome.PASSED}
    assert done.reason == "only given was asked for"


def test_one_failure_fails_the_run_and_comes_with_a_replay(system: System) -> None:
    with target("500 Oh") as url:
        done = spent([case("a", asking), case("b", lambda _: PASSED)], url, system)
    assert done.outcome is Outcome.FAILED
    (failed, passed) = done.cases
    assert failed.replay.lines == (f"curl -sS -i '{url}/x'", "# -> 500 {}")
    assert (failed.expected, failed.got) == ("200", "500 ")
    assert passed.replay.lines == ()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Unavailable("nobody there"), "nobody there"),
        (ZeroDivisionError("by zero"), "the case broke: ZeroDivisionError: by zero"),
        (RecursionError("deep"), "the case broke: RecursionError"),
        (KeyError("\ud800"), "the case broke: KeyError"),
    ],
)
def test_a_case_that_raises_is_inconclusive(system: System, fault: Exception, said: str) -> None:
    cases = [case("a", raising(fault)), case("b", asking)]
    with target() as url:
        done = spent(cases, url, system, only=("given",))
    assert outcomes(done) == {"a": Outcome.INCONCLUSIVE, "b": Outcome.PASSED}
    assert done.outcome is Outcome.INCONCLUSIVE
    assert done.cases[0].detail.startswith(said)
    json.dumps(done.cases[0].detail, ensure_ascii=False).encode("utf-8")


def test_a_case_that_met_a_refusal_of_what_is_offered_failed(system: System) -> None:
    refusal = Refused("200", "?sort=name: 422", "the plain list: 200")
    with target() as url:
        done = spent([case("a", raising(refusal))], url, system, only=("given",))
    (failed,) = done.cases
    assert failed.outcome is Outcome.FAILED
    assert (failed.expected, failed.got) == ("200", "?sort=name: 422")
    assert failed.control == "the plain list: 200"


def test_a_rate_spaces_requests(system: System) -> None:
    cases = [case(f"{n}", asking) for n in range(9)]
    with target() as url:
        began = time.monotonic()
        slow = spent(cases, url, system, rate=20.0, jobs=8)
    assert time.monotonic() - began >= 8 / 20
    assert len(slow.cases) == 9


def test_cases_that_spoil_run_last_and_alone(system: System) -> None:
    order: list[str] = []
    running = Counter[str]()

    def noting(name: str) -> Run:
        def run(stage: Stage) -> Judgement:
            running["now"] += 1
            order.append(f"{name}{running['now'] if name == 'spoiler' else ''}")
            time.sleep(0.02)
            running["now"] -= 1
            return PASSED

        return run

    cases = [case(f"s{n}", noting("spoiler"), spoils=True) for n in range(3)]
    cases += [case(f"c{n}", noting("calm")) for n in range(6)]
    done = spent(cases, "http://127.0.0.1:9", system, jobs=4, only=("given",))
    assert order == ["calm"] * 6 + ["spoiler1"] * 3
    assert [each.id for each in done.cases] == [each.id for each in cases]


def test_only_what_is_asked_for_runs(system: System) -> None:
    cases = [case("a", asking), case("b", asking, kind="other", operation="GetTask")]
    with target() as url:
        assert outcomes(spent(cases, url, system, only=("given/a",))) == {"a": Outcome.PASSED}
        assert outcomes(spent(cases, url, system, only=("other/GetTask",))) == {"b": Outcome.PASSED}
        with pytest.raises(UsageError) as refusal:
            spent(cases, url, system, only=("giv",))
    assert "given, other" in refusal.value.help


def test_two_cases_of_one_name_are_a_fault_of_ours(system: System) -> None:
    with pytest.raises(ValueError, match="two cases are called given/a"):
        spent([case("a", asking), case("a", asking)], "http://127.0.0.1:9", system)


def test_chance_is_the_same_for_the_same_seed(system: System) -> None:
    def run(stage: Stage) -> Judgement:
        return Judgement(outcome=Outcome.PASSED, got=str(stage.random.random()))

    def drawn(seed: int) -> list[str]:
        done = spent([case("a", run), case("b", run)], "http://127.0.0.1:9", system, seed=seed)
        return [each.got for each in done.cases]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert len(set(drawn(1))) == 2


def test_what_is_shared_is_made_once(system: System) -> None:
    made: list[int] = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    def run(stage: Stage) -> Judgement:
        return Judgement(outcome=Outcome.PASSED, got=str(stage.shared("key", make)))

    done = spent([case(f"{n}", run) for n in range(8)], "http://127.0.0.1:9", system, jobs=8)
    assert {each.got for each in done.cases} == {"1"}
    assert made == [1]


def test_a_race_goes_out_at_once_each_on_its_own_connection(system: System) -> None:
    together = threading.Barrier(5)

    def respond(request: bytes) -> tuple[str, bytes]:
        together.wait(2.0)
        return "200 OK", b"{}"

    def run(stage: Stage) -> Judgement:
        answers = stage.race([Request(method="POST", path="/x")] * 5)
        statuses = [answer.status for answer in answers]
        outcome = Outcome.PASSED if statuses == [200] * 5 else Outcome.FAILED
        return Judgement(outcome=outcome, got=str(statuses))

    with responding(respond) as found:
        done = spent([case("a", run)], found.url, system, only=("given",))
    assert (done.outcome, found.connections) == (Outcome.PASSED, 5), done.cases[0].got


def test_cases_that_wait_run_side_by_side_before_those_that_spoil(system: System) -> None:
    together, order = threading.Barrier(5), []

    def waiting(_: Stage) -> Judgement:
        together.wait(timeout=5)
        order.append("waiting")
        return PASSED

    def noting(what: str) -> Run:
        def run(_: Stage) -> Judgement:
            order.append(what)
            return PASSED

        return run

    cases = [case("last", noting("spoiling"), spoils=True), case("first", noting("calm"))]
    cases += [case(f"waits-{n}", waiting, waits=True) for n in range(5)]
    with target() as url:
        done = spent(cases, url, system, jobs=1)
    assert set(outcomes(done).values()) == {Outcome.PASSED}
    assert order == ["calm", *["waiting"] * 5, "spoiling"]
