"""Whatever is done to processes, servers and networks: nothing is lost, doubled or mixed up."""

import pytest

from tests.faults.case import Case
from tests.faults.cases import CASES, NOT_RUN
from tests.faults.cluster import MissingProgramError
from tests.faults.judging import Job, Judged, Verdict, judge
from tests.faults.running import run

DONE = Job(state="done", attempt=1, effects=3, expected=3)
SHORT = [case for case in CASES if case.short is not None]


@pytest.mark.slow
@pytest.mark.parametrize("case", SHORT, ids=lambda case: case.name)
def test_nothing_is_lost_or_done_twice(case: Case) -> None:
    assert case.short is not None
    if reason := case.obstacle():
        pytest.skip(f"NOT RUN: {reason}")
    try:
        outcome, judged = run(case, case.short)
    except MissingProgramError as error:
        pytest.skip(f"NOT RUN: {error} is not installed here")
    assert judged.holds, judged.told()
    assert outcome.recovery <= outcome.bound


def test_no_case_counts_twice_and_each_that_is_not_run_has_its_reason() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert not set(names) & NOT_RUN.keys()
    assert all(NOT_RUN.values())


def test_what_is_broken_does_not_hold() -> None:
    assert Judged(Verdict(), {}, 0).holds
    broken = Judged(Verdict(lost=frozenset("a")), {"I1": ["gone"], "I3": ["twice"]}, 7)
    assert not broken.holds
    assert (broken.lost, broken.doubled) == (2, 1)
    assert broken.told() == ["lost: ['a']", "I1: gone", "I3: twice"]


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ({"a": DONE}, Verdict()),
        ({}, Verdict(lost=frozenset("a"))),
        ({"a": Job(state="done", attempt=1, effects=2, expected=3)}, Verdict(lost=frozenset("a"))),
        (
            {"a": Job(state="done", attempt=2, effects=4, expected=3)},
            Verdict(doubled=frozenset("a")),
        ),
        (
            {"a": Job(state="queued", attempt=0, effects=0, expected=3)},
            Verdict(waiting=frozenset("a")),
        ),
        ({"a": DONE, "b": DONE}, Verdict(doubled=frozenset("b"))),
        ({"a": Job(state="dead", attempt=3, effects=0, expected=1)}, Verdict()),
    ],
)
def test_the_judge_sees_what_is_lost_and_what_is_doubled(
    found: dict[str, Job], verdict: Verdict
) -> None:
    assert judge({"a"}, found) == verdict
    assert verdict.holds is (verdict == Verdict())
