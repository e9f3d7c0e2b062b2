"""Coverage and verdict: what was judged, what was not, and what follows."""

from collections import Counter

import pytest

from tests.verify.running import PASSED, Run, asking, case, raising, spent, target
from tospec.evidence import Case, Outcome
from tospec.model.system import System
from tospec.verify.base import Unavailable
from tospec.verify.coverage import Gap, gaps_of
from tospec.verify.verdict import verdict_of

_OPEN = Gap(element="e", reason="no case", excused=False)
_EXCUSED = Gap(element="e", reason="Only time shows it.", excused=True)


def test_uncovered_elements_leave_the_verdict_open(system: System) -> None:
    with target() as url:
        done = spent([case("a", asking)], url, system)
        restricted = spent([case("a", asking)], url, system, only=("given/a",))
    assert done.outcome is Outcome.INCONCLUSIVE
    assert "operation CreateTask: no case" in done.uncovered
    assert restricted.outcome is Outcome.PASSED


def test_covered_elements_are_not_listed(system: System) -> None:
    about = {"element": "operation CreateTask", "operation": "CreateTask"}
    with target() as url:
        done = spent([case("a", asking, **about)], url, system)
        unknown = spent([case("a", raising(Unavailable("x")), **about)], url, system)
    assert not any(line.startswith("operation CreateTask:") for line in done.uncovered)
    assert "entity Task: no case" not in done.uncovered
    said = "operation CreateTask: no case about it came to a verdict"
    assert said in unknown.uncovered


def test_the_sums_of_the_coverage_match(system: System) -> None:
    runs: list[Run] = [asking, lambda _: PASSED, raising(Unavailable("x"))]
    cases = [
        case(f"{n}", runs[n % 3], element=f"entity E{n % 4}", kind=("given", "other")[n % 2])
        for n in range(24)
    ]
    with target("404 No") as url:
        done = spent(cases, url, system)
    counts = Counter(each.outcome for each in done.cases)
    sums = {
        outcome: sum(getattr(each, outcome.value) for each in done.coverage) for outcome in Outcome
    }
    assert sums == {outcome: counts[outcome] for outcome in Outcome}
    assert sums[Outcome.FAILED] == sums[Outcome.PASSED] == sums[Outcome.INCONCLUSIVE] == 8
    places = [(each.element, each.kind) for each in done.coverage]
    assert places == sorted(set(places))


@pytest.mark.parametrize(
    ("found", "planned", "gaps", "refused", "outcome"),
    [
        ("p", 1, (), 0, Outcome.PASSED),
        ("pf", 2, (), 0, Outcome.FAILED),
        ("pfi", 4, (_OPEN,), 1, Outcome.FAILED),
        ("pi", 2, (), 0, Outcome.INCONCLUSIVE),
        ("p", 2, (), 0, Outcome.INCONCLUSIVE),
        ("p", 1, (_OPEN,), 0, Outcome.INCONCLUSIVE),
        ("p", 1, (_EXCUSED,), 0, Outcome.PASSED),
        ("ps", 2, (), 0, Outcome.PASSED),
        ("ps", 2, (), 1, Outcome.INCONCLUSIVE),
        ("s", 1, (), 0, Outcome.INCONCLUSIVE),
        ("", 0, (), 0, Outcome.INCONCLUSIVE),
    ],
)
def test_the_verdict(
    found: str, planned: int, gaps: tuple[Gap, ...], refused: int, outcome: Outcome
) -> None:
    letters = {o.value[0]: o for o in Outcome}
    cases = [
        Case(id=str(n), kind="k", element="e", rule="r", outcome=letters[letter])
        for n, letter in enumerate(found)
    ]
    verdict = verdict_of(cases, planned=planned, ended="", gaps=gaps, refused=refused, only=())
    assert verdict.outcome is outcome


def test_what_cannot_be_judged_from_outside_is_listed_and_excused(system: System) -> None:
    def saying(outcome: Outcome, end: str) -> Case:
        detail = "Only time shows it."
        return Case(id=f"x/{end}", kind="k", element="e", rule="r", outcome=outcome, detail=detail)

    def gap(*cases: Case) -> Gap | None:
        found = (gap for gap in gaps_of(system, cases) if gap.element == "error SELF_REVIEW")
        return next(found, None)

    skipped = saying(Outcome.SKIPPED, "1-SELF_REVIEW")
    unknown = saying(Outcome.INCONCLUSIVE, "2-SELF_REVIEW")
    passed = saying(Outcome.PASSED, "3-SELF_REVIEW")
    excused = Gap(element="error SELF_REVIEW", reason="Only time shows it.", excused=True)
    said = "no case about it came to a verdict"
    doubtful = Gap(element="error SELF_REVIEW", reason=said, excused=False)
    assert gap(skipped) == excused
    assert gap(skipped, unknown) == gap(unknown, skipped) == doubtful
    assert gap(skipped, unknown, passed) is None
    assert gap() == Gap(element="error SELF_REVIEW", reason="no case", excused=False)
