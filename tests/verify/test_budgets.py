"""Budgets are measured: what is too slow fails, what cannot be told is left open."""

import re
from dataclasses import replace

import pytest

from tests.verify.running import Everybody
from tests.verify.slow import SPEC, Notes, keeping
from tospec.evidence import Case, Outcome, Verification
from tospec.model import System
from tospec.report.trace import Executed, SourceFile, State, trace_of
from tospec.source import SourceText
from tospec.syntax import read_texts
from tospec.verify.cases import budgets
from tospec.verify.load import filling, measuring, meter, questions
from tospec.verify.load.control import control
from tospec.verify.run import Options, verify
from tospec.verify.wire.target import target_of

DELAY = 0.12


@pytest.fixture(scope="module")
def notes_system() -> System:
    reading = read_texts([SourceText("notes.md", SPEC)])
    assert reading.system is not None, reading.diagnostics
    return reading.system


@pytest.fixture(autouse=True)
def _fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask less often than a real measurement does."""
    monkeypatch.setitem(questions.ENOUGH, 95, 20)


def measured(system: System, notes: Notes, **options: object) -> Verification:
    chosen = replace(Options(budgets=True, source=Everybody(), seed=1), **options)  # type: ignore[arg-type]
    with keeping(notes) as url:
        return verify(system, target_of(url), [budgets.KIND], chosen)


def by_name(verification: Verification) -> dict[str, Case]:
    return {case.id.removeprefix("budgets/many-notes/"): case for case in verification.cases}


def outcomes(verification: Verification) -> set[tuple[str, Outcome]]:
    return {(case.operation, case.outcome) for case in verification.cases}


def test_nothing_is_measured_that_was_not_asked_for(notes_system: System) -> None:
    notes = Notes()

    found = measured(notes_system, notes, budgets=False)

    assert {case.outcome for case in found.cases} == {Outcome.SKIPPED}
    assert all("--budgets" in case.detail for case in found.cases)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.requests == 0


def test_a_fast_target_keeps_its_budget_and_is_left_clean(notes_system: System) -> None:
    notes = Notes()

    found = measured(notes_system, notes)

    cases = by_name(found)
    assert {case.outcome for case in found.cases} == {Outcome.PASSED}, cases
    assert {"GetNote/as-it-is", "ListNotes/next-page", "ListNotes/limit-200"} <= set(cases)
    told = cases["GetNote/as-it-is"]
    assert "of 20 answers" in told.got
    assert "120 rows of Note, 4 users" in told.detail
    assert "% of a core" in told.detail
    assert "a stub that takes 75 ms" in told.control
    assert notes.rows == {}
    assert not found.leftovers


@pytest.mark.parametrize(
    ("slow", "operation"), [("GET one", "GetNote"), ("GET", "ListNotes"), ("POST", "CreateNote")]
)
def test_a_planted_delay_is_found(notes_system: System, slow: str, operation: str) -> None:
    found = measured(notes_system, Notes(delays={slow: DELAY}))

    failed = {case.operation for case in found.cases if case.outcome is Outcome.FAILED}
    assert failed == {operation}
    case = next(each for each in found.cases if each.operation == operation)
    assert "at most 60 ms" in case.expected
    assert re.search(r"p\d\d is 1\d\d\.\d ms", case.got)
    assert any("/v1/notes" in line for line in case.replay.lines)
    assert not any("-> 404" in line for line in case.replay.lines)


def test_an_answer_that_is_too_large_is_found(notes_system: System) -> None:
    found = measured(notes_system, Notes(padding=2_000))

    assert ("ListNotes", Outcome.FAILED) in outcomes(found)
    assert ("GetNote", Outcome.PASSED) in outcomes(found)


def test_errors_are_no_fast_answers(notes_system: System) -> None:
    found = measured(notes_system, Notes(broken=True))

    case = by_name(found)["GetNote/as-it-is"]
    assert case.outcome is Outcome.FAILED
    assert "times 500" in case.got


def test_rows_that_cannot_be_made_leave_it_open(notes_system: System) -> None:
    found = measured(notes_system, Notes(most=50))

    assert {case.outcome for case in found.cases} == {Outcome.INCONCLUSIVE}
    assert all("50 rows are there; then 409 full" in case.detail for case in found.cases)


def test_rows_that_take_too_long_leave_it_open(
    notes_system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "LONGEST", 0.3)

    found = measured(notes_system, Notes(delays={"POST": DELAY}))

    assert {case.outcome for case in found.cases} == {Outcome.INCONCLUSIVE}
    assert all("of 120 rows of Note are there" in case.detail for case in found.cases)


def test_a_rate_limit_is_waited_for_and_no_fault(notes_system: System) -> None:
    found = measured(notes_system, Notes(limited=3))

    assert {case.outcome for case in found.cases} == {Outcome.PASSED}
    assert any("waits for rate limits" in case.detail for case in found.cases)


def test_a_busy_generator_leaves_it_open(
    notes_system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter, "SATURATED", 0.0)

    found = measured(notes_system, Notes(delays={"GET one": DELAY}))

    assert {case.outcome for case in found.cases} == {Outcome.INCONCLUSIVE}
    assert all("load generator" in case.detail for case in found.cases)


def test_a_busy_machine_leaves_it_open(
    notes_system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter, "_nap", lambda ended, naps: naps.extend([0.02] * 50))

    found = measured(notes_system, Notes(delays={"GET one": DELAY}))

    assert {case.outcome for case in found.cases} == {Outcome.INCONCLUSIVE}
    assert all("this machine is too busy" in case.detail for case in found.cases)


def test_a_control_that_does_not_work_leaves_it_open(
    notes_system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(delay: float, people: int) -> object:
        samples, _ = control(delay, people)
        return samples, False

    monkeypatch.setattr(measuring, "control", blind)

    found = measured(notes_system, Notes())

    assert {case.outcome for case in found.cases} == {Outcome.INCONCLUSIVE}


def test_what_is_kept_is_told(notes_system: System) -> None:
    notes = Notes()

    found = measured(notes_system, notes, keep=True)

    assert len(notes.rows) > 120
    assert any("made to measure a budget" in line for line in found.leftovers)


def test_a_requirement_stays_unproven_until_it_was_measured(notes_system: System) -> None:
    files = (SourceFile(path="tests/load/budgets.py", origins=("REQ-002", "budget:many-notes")),)

    for asked, state in ((False, State.UNTESTED), (True, State.PROVEN)):
        found = replace(measured(notes_system, Notes(), budgets=asked), tree="t")
        trace = trace_of(notes_system, files, Executed(tree="t", verification=found))
        assert trace.requirements[1].state is state
