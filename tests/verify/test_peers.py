"""A backend in another framework, by another hand, passes; with a defect in it, it does not."""

from collections.abc import Iterator

import pytest

from tests.verify.peers.todo import wire
from tests.verify.peers.todo.service import serving
from tests.verify.putting import Plan
from tests.verify.score.work import TODO_SPEC, Run, run_peer, system_of
from tospec import pipeline
from tospec.evidence import Outcome

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("peers")]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan.of(system_of(TODO_SPEC))


@pytest.fixture
def url() -> Iterator[str]:
    with serving() as base:
        yield base


def test_the_spec_of_the_peer_can_be_built() -> None:
    reading = pipeline.read(TODO_SPEC)

    assert pipeline.assess(reading) == pipeline.Assessment(diagnostics=(), escalations=())
    assert pipeline.unbuildable(reading) == ()


@pytest.fixture(scope="module")
def run() -> Run:
    return run_peer()


def test_a_conforming_backend_in_another_framework_has_no_failures(run: Run, plan: Plan) -> None:
    assert [f"{case.id}: {case.got}" for case in run.failed] == []
    assert run.cases == len(plan.cases) > 500


def test_every_case_comes_to_something_there(run: Run) -> None:
    assert [f"{case.id}: {case.detail}" for case in run.inconclusive] == []


def test_the_same_backend_with_a_role_too_many_fails(
    plan: Plan, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = frozenset({"people:manage", "task:write", "task:read"})
    monkeypatch.setitem(wire.HOLDS, "person", everybody)

    cases = plan.put(url, plan.of_kinds(("role-matrix",), ("InviteUser",)))

    assert Outcome.FAILED in {case.outcome for case in cases}
