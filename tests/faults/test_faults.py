"""Nothing is lost and nothing is done twice, whatever happens to the broker and to workers."""

import pytest

from tests.faults.cases import CASES, Case, programs_missing
from tests.faults.judging import Job, Verdict, judge
from tests.faults.site import site
from tests.postgresql import NOT_RUN, find

DONE = Job(state="done", attempt=1, effects=3, expected=3)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_lost_or_done_twice(case: Case) -> None:
    if missing := programs_missing():
        pytest.skip(f"{missing} is not installed here")
    if find() is None:
        pytest.skip(NOT_RUN)
    with site() as place:
        outcome = case.act(place, case.short)
        assert place.verdict() == Verdict()
    assert outcome.recovery <= outcome.bound


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
