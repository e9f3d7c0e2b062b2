"""Schedules: the clock of a target, for which rows jobs are, and cases that need that clock."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.verify.putting import Plan
from tests.verify.running import PASSED, case, outcomes, spent, target
from tests.verify.serving import Template, serving, working
from tests.verify.stubbing import Outside
from tospec.errors import UsageError
from tospec.evidence import Outcome
from tospec.model import System
from tospec.verify.base import Judgement, Stage
from tospec.verify.cases.schedules.situations import Found, Search, reading
from tospec.verify.moving import TargetClock
from tospec.verify.oracle.planning import Planner

KIND = "schedules"
HOUR = timedelta(hours=1)


def away(clock: TargetClock) -> timedelta:
    """Return how far a clock is ahead, to the second."""
    return timedelta(seconds=round((clock.now() - datetime.now(UTC)).total_seconds()))


def test_a_clock_goes_ahead_and_never_back(tmp_path: Path) -> None:
    file, moves = tmp_path / "clock", []
    clock = TargetClock(file, lambda: moves.append(1))
    assert (away(clock), file.exists()) == (timedelta(), False)
    clock.advance(datetime.now(UTC) + HOUR)
    assert round(float(file.read_text(encoding="ascii"))) == 3600
    assert away(clock) == HOUR
    clock.advance(datetime.now(UTC))
    assert (away(clock), moves) == (HOUR, [1])
    assert list(tmp_path.iterdir()) == [file]
    assert away(TargetClock(file, lambda: None)) == HOUR


@pytest.mark.parametrize("text", ["", "soon", "nan", "inf", "-1"])
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "clock"
    file.write_text(text, encoding="ascii")
    with pytest.raises(UsageError, match="does not hold a number of seconds") as refusal:
        TargetClock(file, lambda: None)
    assert "CLOCK_FILE" in refusal.value.help


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    clock = TargetClock(tmp_path / "nowhere" / "clock", lambda: None)
    with pytest.raises(UsageError, match="cannot be written"):
        clock.advance(datetime.now(UTC) + HOUR)


def test_a_stage_has_the_clock_of_its_run(system: System, tmp_path: Path) -> None:
    def seen(stage: Stage) -> Judgement:
        there = stage.clock is not None and stage.receiver is None
        return PASSED if there else Judgement(outcome=Outcome.FAILED)

    with target() as url:
        done = spent((case("seen", seen),), url, system, clock=tmp_path / "clock")
    assert set(outcomes(done).values()) == {Outcome.PASSED}


def _found(system: System, name: str) -> Found:
    planner = Planner(system)
    job = next(each for each in system.jobs if each.name == name)
    operation = reading(planner, job)
    assert operation is not None
    assert job.where is not None
    found = Search(planner, job, job.where, operation).found()
    assert found is not None
    return found


def test_a_job_is_for_some_rows_at_once(system: System) -> None:
    found = _found(system, "MarkOverdue")
    assert (found.after, found.not_yet) == (timedelta(), None)
    assert [each.wanted for each in (found.right, *found.wrong)] == [True, False, False]
    archived = [dict(each.plot.choices).get(("project", "archived")) for each in found.wrong]
    assert True in archived


def test_a_job_is_for_some_rows_later_and_not_before(system: System) -> None:
    found = _found(system, "ArchiveDone")
    thirty = timedelta(days=30)
    assert found.not_yet is not None
    assert found.not_yet < thirty < found.after < thirty * 1.1
    assert [each.operation.name for each in found.right.plot.steps][-1] == "CompleteTask"


def test_without_a_clock_every_case_is_skipped_and_says_so(
    taskhub_url: str, taskhub_plan: Plan
) -> None:
    cases = taskhub_plan.put(taskhub_url, taskhub_plan.of_kinds((KIND,)))

    assert {each.id for each in cases} == {
        "schedules/MarkOverdueTasks/fires",
        "schedules/MarkOverdueTasks/MarkOverdue-rows",
        "schedules/NightlyCleanup/fires",
        "schedules/NightlyCleanup/ArchiveDone-rows",
        "schedules/WeeklyDigest/fires",
    }
    assert {each.outcome for each in cases} == {Outcome.SKIPPED}
    assert all("--clock FILE" in each.detail for each in cases)


@pytest.mark.slow
@pytest.mark.xdist_group("faults")
def test_a_backend_goes_by_its_schedules_however_many_workers(
    taskhub_plan: Plan, taskhub_template: Template, tmp_path: Path
) -> None:
    outside = Outside.beside(tmp_path / "backend")
    settings = {**outside.settings, "SECRET_KEY": secrets.token_urlsafe(48)}
    folder = taskhub_template.copy(tmp_path / "backend")
    # The process that serves is a worker as well; each worker fires schedules.
    with serving(folder, settings) as url, working(folder, settings):
        cases = taskhub_plan.put(url, taskhub_plan.of_kinds((KIND,)), outside=outside)

    assert {each.id: each.detail for each in cases if each.outcome is not Outcome.PASSED} == {}
    assert len(cases) == 5
