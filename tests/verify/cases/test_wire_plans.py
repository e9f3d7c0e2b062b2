"""What the kinds about wire, security and sequences plan."""

from dataclasses import replace
from typing import Final

import pytest

from tests.verify.probes.making import foreign
from tospec.model import System
from tospec.verify.base import CaseKind, PlannedCase
from tospec.verify.cases import (
    authentication,
    headers,
    health,
    idor_guessing,
    injection,
    mass_assignment,
    openapi,
    problems,
    protocol,
    sessions,
    stateful,
)

KINDS: Final[tuple[CaseKind, ...]] = (
    authentication.KIND,
    sessions.KIND,
    protocol.KIND,
    problems.KIND,
    headers.KIND,
    health.KIND,
    openapi.KIND,
    injection.KIND,
    mass_assignment.KIND,
    idor_guessing.KIND,
    stateful.KIND,
)


def _cases(system: System) -> list[PlannedCase]:
    return [case for kind in KINDS for case in kind.plan(system)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.name)
def test_a_plan_is_the_same_each_time_and_names_each_case_once(
    kind: CaseKind, system: System
) -> None:
    ids = [case.id for case in kind.plan(system)]
    assert ids
    assert ids == [case.id for case in kind.plan(system)]
    assert len(ids) == len(set(ids))
    assert all(id_.startswith(f"{kind.name}/") for id_ in ids)


def test_each_case_says_what_it_is_about_and_why(system: System) -> None:
    for case in _cases(system):
        assert case.element, case.id
        assert case.rule.endswith((".", ")")), case.id
        assert case.reference or case.kind == "protocol", case.id
        assert case.cost > 0, case.id


def test_each_operation_is_asked_without_and_with_spoiled_credentials(system: System) -> None:
    cases = {case.id for case in authentication.KIND.plan(system)}
    for operation in system.operations:
        asked = {
            f"authentication/{operation.name}/none",
            f"authentication/{operation.name}/tampered",
        }
        assert asked <= cases or operation.public, operation.name
        assert not (asked & cases) or not operation.public, operation.name


def test_without_accounts_nobody_signs_in(system: System) -> None:
    nobody = replace(system, auth=None, conventions=("rest-1",))
    assert not list(sessions.KIND.plan(nobody))
    assert not list(authentication.KIND.plan(nobody))
    assert list(sessions.KIND.plan(system))


def test_a_system_without_the_contract_is_asked_less(system: System) -> None:
    ours = {case.id for case in _cases(system)}
    theirs = {case.id for case in _cases(foreign(system))}
    assert theirs < ours
    assert "protocol/CreateTask/accept" in ours - theirs
    assert "authentication/CreateTask/none" in theirs


def test_nobody_watching_needs_no_endpoints(system: System) -> None:
    assert not list(health.KIND.plan(replace(system, watch=None)))
    assert [case.element for case in health.KIND.plan(system)]
