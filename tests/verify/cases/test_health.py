"""What a report of health must tell of each dependency."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tospec.evidence import Outcome
from tospec.verify.base import Answer, Stage
from tospec.verify.cases.health import _health

UP = {"status": "up", "latency_ms": 1.5}


@pytest.mark.parametrize(
    ("status", "worker", "outcome"),
    [
        ("up", UP, Outcome.PASSED),
        ("up", {"status": "up"}, Outcome.FAILED),
        ("degraded", {"status": "down"}, Outcome.PASSED),
        ("degraded", {"latency_ms": 1.5}, Outcome.FAILED),
        ("up", {"status": "down"}, Outcome.FAILED),
    ],
)
def test_what_is_down_may_be_told_of_by_a_service_that_is_degraded(
    status: str, worker: dict[str, Any], outcome: Outcome
) -> None:
    told = {"status": status, "dependencies": {"database": UP, "worker": worker}}
    body = json.dumps(told).encode()
    answer = Answer(status=200, headers={}, body=body, json=told, seconds=0.0)
    stage = cast("Stage", SimpleNamespace(send=lambda *_: answer))

    assert _health(stage).outcome is outcome


def test_a_degraded_service_has_something_that_is_well() -> None:
    told = {"status": "degraded", "dependencies": {"database": {"status": "down"}}}
    answer = Answer(status=200, headers={}, body=json.dumps(told).encode(), json=told, seconds=0.0)
    stage = cast("Stage", SimpleNamespace(send=lambda *_: answer))

    assert _health(stage).outcome is Outcome.FAILED
