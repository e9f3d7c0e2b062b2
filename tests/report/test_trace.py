"""How far a requirement has come, and what does not count."""

import pytest

from tests.report.reports import LATE, TREE, file_of, planted, put, ran, reported, taskhub
from tospec.evidence import Outcome, Verification
from tospec.report.report import report_of
from tospec.report.trace import Executed, State, trace_of

P, F, U, S = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.SKIPPED
R = "REQ-001"


@pytest.mark.parametrize(
    ("tests", "cases", "state"),
    [
        ([P], [], State.PROVEN),
        ([], [P], State.PROVEN),
        ([P, S], [U], State.PROVEN),
        ([], [], State.UNTESTED),
        ([S], [], State.UNTESTED),
        ([U], [U, S], State.UNTESTED),
        ([P, F], [], State.FAILING),
        ([P], [P, F], State.FAILING),
    ],
)
def test_states_follow_what_ran(tests: list[Outcome], cases: list[Outcome], state: State) -> None:
    executed = Executed(
        tree=TREE,
        spec="s",
        tests=ran(*((R, each) for each in tests)),
        verification=put(*((R, each) for each in cases)),
    )
    (traced,) = trace_of(planted(R), [file_of(f"entity:E{R}")], executed).requirements
    assert traced.state is state
    assert (len(traced.tests), len(traced.cases)) == (len(tests), len(cases))


@pytest.mark.parametrize(
    ("serving", "origins", "outcome", "state"),
    [
        ((R,), (R,), P, State.PROVEN),
        ((R,), (f"entity:E{R}",), P, State.PROVEN),
        ((), (R,), P, State.UNIMPLEMENTED),
        ((R,), (), P, State.UNIMPLEMENTED),
        ((R,), ("REQ-0011", "entity:E"), P, State.UNIMPLEMENTED),
        ((), (), F, State.FAILING),
    ],
)
def test_without_an_element_and_a_file_nothing_is_implemented(
    serving: tuple[str, ...], origins: tuple[str, ...], outcome: Outcome, state: State
) -> None:
    executed = Executed(tree=TREE, spec="s", tests=ran((R, outcome)))
    trace = trace_of(planted(R, serving=serving), [file_of(*origins)], executed)
    assert trace.requirements[0].state is state
    assert trace.count(state) == 1


def test_what_ran_for_another_requirement_proves_nothing() -> None:
    executed = Executed(tree=TREE, spec="s", tests=ran((R, P), ("REQ-0011", P)))
    trace = trace_of(planted(R, "REQ-002"), [file_of(R, "REQ-002")], executed)
    assert [each.state for each in trace.requirements] == [State.PROVEN, State.UNTESTED]


@pytest.mark.parametrize(("tree", "state"), [(TREE, State.PROVEN), (LATE, State.UNTESTED)])
def test_evidence_about_another_tree_counts_nothing(tree: str, state: State) -> None:
    for executed in (
        Executed(tree=TREE, spec="s", tests=ran((R, P), tree=tree)),
        Executed(tree=TREE, spec="s", verification=put((R, P), tree=tree)),
    ):
        report = reported(planted(R), executed, file_of(R))
        assert report.trace.requirements[0].state is state
    late = Executed(tree=TREE, spec="s", tests=ran((R, F), tree=tree))
    wanted = State.FAILING if tree == TREE else State.UNTESTED
    assert trace_of(planted(R), [file_of(R)], late).requirements[0].state is wanted


def test_what_does_not_count_is_said() -> None:
    now = Executed(tree=TREE, spec="s", tests=ran((R, P)), verification=put((R, P)))
    assert reported(planted(R), now, file_of(R)).stale == ()
    late = Executed(tree=TREE, spec="s", tests=ran(tree=LATE), verification=put(tree=LATE))
    said = reported(planted(R), late, file_of(R)).stale
    assert [each.partition(":")[0] for each in said] == [
        "The tests ran on another state of the tree",
        "Another state of tree or spec was verified",
    ]
    nothing = report_of(
        planted(R), tool="1", spec="s", files=(), executed=Executed(tree=TREE, spec="s")
    )
    assert len(nothing.stale) == 3


def test_a_verification_that_names_no_tree_counts_nothing() -> None:
    verification: Verification = put((R, P), tree="")
    trace = trace_of(
        planted(R), [file_of(R)], Executed(tree=TREE, spec="s", verification=verification)
    )
    assert trace.requirements[0].state is State.UNTESTED


def test_orphans_are_what_no_requirement_asks_for() -> None:
    other = "REQ-999"
    executed = Executed(
        tree=TREE, spec="s", tests=ran((R, P), (other, P)), verification=put((R, P), (other, F))
    )
    trace = trace_of(
        planted(R, serving=(R, "")), [file_of(R), file_of(other, path="app/b.py")], executed
    )
    assert [(each.kind, each.name) for each in trace.orphans] == [
        ("file", "app/b.py"),
        ("test", "tests/test_a.py::test_1"),
        ("case", "role-matrix/1"),
    ]
    assert trace.requirements[0].state is State.PROVEN


def test_every_requirement_of_the_example_has_elements_and_a_row() -> None:
    trace = trace_of(taskhub(), [], Executed(tree=TREE, spec="s"))
    assert len(trace.requirements) == len(taskhub().requirements) > 10
    assert [each.requirement.id for each in trace.requirements if not each.elements] == []
    assert trace.count(State.UNIMPLEMENTED) == len(trace.requirements)
