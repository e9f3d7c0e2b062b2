"""Whoever declares a delay is asked again until it is over, and nobody else is."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tospec.evidence import Outcome
from tospec.verify.base import NOTHING, Answer, Stage
from tospec.verify.cases.sessions import common
from tospec.verify.probes.judging import Expectation, Trial

REFUSED = Expectation(statuses=(401,))


class Target:
    """Lets somebody in until some seconds have passed, by a clock that only sleeping moves."""

    def __init__(self, late: float) -> None:
        self.late = late
        self.now = 0.0
        self.asked = 0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def answer(self) -> Answer:
        self.asked += 1
        status = 401 if self.now >= self.late else 200
        return Answer(status=status, headers={}, body=b"", json=NOTHING, seconds=0.0)


@pytest.mark.parametrize(
    ("late", "declared", "outcome"),
    [
        (0, 0, Outcome.PASSED),
        (0, 2, Outcome.PASSED),
        (0.1, 0, Outcome.FAILED),
        (1.9, 2, Outcome.PASSED),
        (2.5, 2, Outcome.FAILED),
    ],
)
def test_lost_access_is_lost_within_the_declared_delay(
    monkeypatch: pytest.MonkeyPatch, late: float, declared: float, outcome: Outcome
) -> None:
    target, trial = Target(late), Trial(str(REFUSED))
    monkeypatch.setattr(common, "time", cast("Any", target))
    stage = cast("Stage", SimpleNamespace(session_delay=declared))

    common.expect_in_time(stage, trial, "GetMe after", target.answer, REFUSED)

    assert trial.judgement().outcome is outcome
    if not declared or not late:
        assert target.asked == 1
