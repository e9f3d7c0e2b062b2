"""Runs that end early: they say what is known and what is not, and can carry on."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from tests.verify import hostile
from tests.verify.hostile import listening, responding
from tests.verify.running import (
    PASSED,
    Everybody,
    Given,
    asking,
    case,
    outcomes,
    raising,
    spent,
    target,
)
from tospec.evidence import Outcome, Verification
from tospec.model.system import System
from tospec.verify.base import Judgement, Request, Stage, Unavailable
from tospec.verify.run import Options, verify
from tospec.verify.wire.client import Limits
from tospec.verify.wire.target import target_of


def test_a_budget_ends_the_run(system: System) -> None:
    cases = [case(f"{n}", asking) for n in range(10)]
    with responding(lambda _: ("200 OK", b"{}")) as found:
        short = spent(cases, found.url, system, budget=4, only=("given",))
        assert len(found.received) == 4
        enough = spent(cases, found.url, system, budget=10, only=("given",))
    assert (short.outcome, short.complete, short.requests) == (Outcome.INCONCLUSIVE, False, 4)
    assert "the budget of 4 requests is spent" in short.reason
    assert all(each.outcome is Outcome.PASSED for each in short.cases)
    assert (enough.outcome, enough.complete) == (Outcome.PASSED, True)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_case_that_the_end_cut_short_counts_for_nothing(system: System, outcome: Outcome) -> None:
    def stubborn(stage: Stage) -> Judgement:
        for _ in range(3):
            with suppress(Unavailable):
                stage.send(None, "GET", "/x")
        return Judgement(outcome=outcome)

    with target() as url:
        short = spent([case("a", stubborn)], url, system, budget=2)
        whole = spent([case("a", stubborn)], url, system, budget=3)
    assert short.cases == ()
    assert outcomes(whole) == {"a": outcome}


def _dying(after: int, status: str = "200 OK") -> Callable[[bytes], tuple[str, bytes]]:
    """Return what answers some requests and then only closes connections."""
    left = threading.Semaphore(after)

    def respond(request: bytes) -> tuple[str, bytes]:
        if not left.acquire(blocking=False):
            raise ConnectionError
        return status, b"{}"

    return respond


def test_a_target_that_dies_leaves_the_verdict_open(system: System) -> None:
    cases = [case(f"{n:03}", asking) for n in range(100)]
    with responding(_dying(20)) as found:
        done = spent(cases, found.url, system, only=("given",))
    assert (done.outcome, done.complete) == (Outcome.INCONCLUSIVE, False)
    assert list(outcomes(done).values()) == [Outcome.PASSED] * 20
    assert "gave no answer" in done.reason
    with responding(_dying(100)) as found:
        assert spent(cases, found.url, system, only=("given",)).outcome is Outcome.PASSED


def test_a_failure_before_the_target_died_stays_a_failure(system: System) -> None:
    cases = [case(f"{n:03}", asking) for n in range(60)]
    with responding(_dying(1, "500 Oh")) as found:
        done = spent(cases, found.url, system, jobs=1)
    assert (done.outcome, done.complete) == (Outcome.FAILED, False)
    assert outcomes(done) == {"000": Outcome.FAILED}


def test_a_target_that_is_not_there_is_no_failure(system: System) -> None:
    with target() as url:
        pass
    done = spent([case("a", asking)], url, system, only=("given",))
    assert outcomes(done) == {"a": Outcome.INCONCLUSIVE}
    assert "no connection" in done.cases[0].detail


def test_a_target_that_breaks_one_answer_off_fails(system: System) -> None:
    with listening(hostile.reset) as found:
        done = spent([case("a", asking)], found.url, system, only=("given",))
    assert outcomes(done) == {"a": Outcome.FAILED}


@pytest.mark.parametrize("interrupted", [True, False])
def test_an_interrupt_leaves_a_partial_result(system: System, *, interrupted: bool) -> None:
    def slowly(stage: Stage) -> Judgement:
        time.sleep(0.05)
        return asking(stage)

    cases = [case(f"{n:03}", slowly) for n in range(40)]
    timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
    with target() as url:
        if interrupted:
            timer.start()
        done = spent(cases, url, system, only=("given",))
    assert done.complete is not interrupted
    assert done.outcome is (Outcome.INCONCLUSIVE if interrupted else Outcome.PASSED)
    assert (0 < len(done.cases) < 40) == interrupted
    assert ("it was interrupted" in done.reason) == interrupted


def test_a_checkpoint_holds_what_there_is_so_far(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tospec.verify.run._CHECKPOINT_SECONDS", 0.0)
    kept: list[Verification] = []

    def slowly(stage: Stage) -> Judgement:
        time.sleep(0.3)
        return asking(stage)

    with target() as url:
        options = Options(source=Everybody(), jobs=1, spec="s")
        kinds = [Given(tuple(case(f"{n}", slowly) for n in range(4)))]
        whole = verify(system, target_of(url), kinds, options, checkpoint=kept.append)
    first = kept[0]
    assert not first.complete
    assert first.outcome is Outcome.INCONCLUSIVE
    assert len(first.cases) < len(kept[-1].cases) <= len(whole.cases) == 4


def test_a_run_carries_on_where_an_earlier_one_ended(system: System) -> None:
    cases = [case(f"{n}", asking) for n in range(6)]
    options: dict[str, Any] = {"only": ("given",), "spec": "s", "seed": 7}
    with responding(lambda _: ("200 OK", b"{}")) as found:
        part = spent(cases, found.url, system, budget=4, **options)
        rest = spent(cases, found.url, system, earlier=part, **options)
        assert (rest.complete, rest.outcome, rest.requests) == (True, Outcome.PASSED, 2)
        assert [each.id for each in rest.cases] == [each.id for each in cases]
        for change in ({"spec": "other"}, {"seed": 8}):
            again = spent(cases, found.url, system, earlier=part, **(options | change))
            assert again.requests == 6
        elsewhere = replace(part, target="http://127.0.0.1:9")
        assert spent(cases, found.url, system, earlier=elsewhere, **options).requests == 6


def test_inconclusive_cases_are_asked_again(system: System) -> None:
    options: dict[str, Any] = {"only": ("given",), "spec": "s"}
    with target() as url:
        part = spent([case("a", raising(Unavailable("x")))], url, system, **options)
        rest = spent([case("a", asking)], url, system, earlier=part, **options)
    assert outcomes(part) == {"a": Outcome.INCONCLUSIVE}
    assert outcomes(rest) == {"a": Outcome.PASSED}


def test_a_race_beyond_the_budget_ends_the_run(system: System) -> None:
    def run(stage: Stage) -> Judgement:
        stage.race([Request(method="POST", path="/x")] * 5)
        return PASSED

    with target() as url:
        done = spent([case("a", run)], url, system, budget=3, limits=Limits(seconds=5.0))
        enough = spent([case("a", run)], url, system, budget=5)
    assert (done.cases, done.complete) == ((), False)
    assert enough.complete
