"""Servers that answer nicely to everything are not taken for backends."""

import pytest

from tests.verify.liars import LIARS, Liar
from tests.verify.putting import Plan
from tests.verify.score.work import LIE_KINDS, run_liar
from tospec.evidence import Outcome

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


@pytest.mark.parametrize("liar", LIARS, ids=[liar.__name__ for liar in LIARS])
def test_a_liar_fails(liar: type[Liar]) -> None:
    run = run_liar(liar)

    assert run.failed, [case.detail for case in run.inconclusive[:3]]


def test_the_same_cases_pass_with_somebody_honest(taskhub_plan: Plan, taskhub_url: str) -> None:
    cases = taskhub_plan.of_kinds(LIE_KINDS[:2])

    outcomes = {case.outcome for case in taskhub_plan.put(taskhub_url, cases)}

    assert outcomes == {Outcome.PASSED}
