"""What an answer must be, and what a case concludes."""

import pytest

from tests.verify.probes.making import answer, foreign
from tospec.evidence import Outcome
from tospec.model import System
from tospec.verify.base import Answer
from tospec.verify.probes.judging import Expectation, Trial, expectation

_MISSING = {"code": "not-found"}


def test_the_contract_is_exact_and_without_it_other_answers_do(system: System) -> None:
    exact = expectation(system, 422, "validation-error", tolerated=(400,))
    tolerant = expectation(foreign(system), 422, "validation-error", tolerated=(400,))
    assert not exact.fault(answer(422, {"code": "validation-error"}))
    assert exact.fault(answer(400)) == "400"
    assert not tolerant.fault(answer(400))
    assert not tolerant.fault(answer(422, _MISSING))
    assert tolerant.fault(answer(404, _MISSING)) == "404 not-found"


def test_the_code_counts_where_one_is_expected() -> None:
    wanted = Expectation(statuses=(404,), code="not-found")
    assert not wanted.fault(answer(404, _MISSING))
    assert wanted.fault(answer(404)) == "404 with the code missing"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ('Bearer realm="api"', ""),
        ("Basic", "401 with WWW-Authenticate: Basic"),
        (None, "401 without WWW-Authenticate"),
    ],
)
def test_headers_are_held_against_their_form(value: str | None, fault: str) -> None:
    wanted = Expectation(statuses=(401,), headers=(("www-authenticate", 'Bearer realm="[^"]*"'),))
    given = {} if value is None else {"www_authenticate": value}
    assert wanted.fault(answer(401, **given)) == fault


def test_what_http_asks_for_is_asked_of_everybody(system: System) -> None:
    musts = (("allow", ".+"),)
    contract = (("etag", ".+"),)
    ours = expectation(system, 405, musts=musts, contract=contract)
    theirs = expectation(foreign(system), 405, musts=musts, contract=contract)
    assert ours.fault(answer(405, allow="GET")) == "405 without Etag"
    assert not theirs.fault(answer(405, allow="GET"))
    assert theirs.fault(answer(405)) == "405 without Allow"


def _trial(*, control: int, found: int) -> Trial:
    trial = Trial("404")
    trial.control("the right one", answer(control), works=control == 200)
    trial.expect("the wrong one", answer(found), Expectation(statuses=(404,)))
    return trial


def test_a_case_passes_when_its_control_works_and_nothing_is_wrong() -> None:
    judgement = _trial(control=200, found=404).judgement()
    assert judgement.outcome is Outcome.PASSED
    assert judgement.control == "the right one: 200"


def test_a_case_fails_when_its_control_works_and_something_is_wrong() -> None:
    judgement = _trial(control=200, found=200).judgement()
    assert judgement.outcome is Outcome.FAILED
    assert judgement.got == "the wrong one: 200"


@pytest.mark.parametrize("found", [404, 200])
def test_a_case_without_a_working_control_says_nothing(found: int) -> None:
    judgement = _trial(control=500, found=found).judgement()
    assert judgement.outcome is Outcome.INCONCLUSIVE
    assert "the right one: 500" in judgement.detail


def test_a_case_that_asked_nothing_says_nothing() -> None:
    assert Trial("404").judgement().outcome is Outcome.INCONCLUSIVE


def test_no_answer_is_neither_right_nor_a_working_control() -> None:
    silent = Answer(status=0, headers={}, body=b"", json=None, seconds=0.0, fault="timed out")
    assert Expectation(statuses=(0, 200)).fault(silent) == "no answer (timed out)"
    trial = Trial("200")
    trial.control("silent", silent, works=True)
    trial.need("anything", holds=True, got="")
    assert trial.judgement().outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("wanted", "found", "outcome"),
    [
        (404, 200, Outcome.FAILED),
        (404, 404, Outcome.INCONCLUSIVE),
        (201, 200, Outcome.INCONCLUSIVE),
    ],
)
def test_what_had_to_be_refused_and_was_done_needs_no_later_control(
    wanted: int, found: int, outcome: Outcome
) -> None:
    trial = Trial(str(wanted))
    trial.control("before", answer(200), works=True)
    trial.expect("the wrong one", answer(found), Expectation(statuses=(wanted,)))
    trial.control("after", answer(500), works=False)
    assert trial.judgement().outcome is outcome


@pytest.mark.parametrize(("holds", "outcome"), [(True, Outcome.PASSED), (False, Outcome.FAILED)])
def test_a_condition_that_does_not_hold_is_a_fault_though_nothing_is_to_be_told(
    *, holds: bool, outcome: Outcome
) -> None:
    trial = Trial("a name")
    trial.need("the name", holds=holds, got="")
    assert trial.judgement().outcome is outcome
