"""A spec with one rule changed does not fit the backend of the rule before; the verifier says so.

A few of them run here; `make score` runs all.
"""

from collections import Counter

import pytest

from tests.verify.mutants import Mutant, mutants
from tests.verify.mutants.sighting import sight
from tests.verify.putting import Plan
from tests.verify.score.work import taskhub
from tospec.evidence import Outcome

_SOME = (
    "permission/permission project:manage: member gains it",
    "permission/permission task:delete: member loses it",
    "policy/policy Comment: update negated",
    "transition/transition Task.start: from done too",
    "field/field Label.name: longer allowed",
    "field/field Label.color: immutable",
    "rule/rule Project PROJECT_NOT_EMPTY: PROJECT_NOT_EMPTY negated",
    "rule/rule Project PROJECT_NOT_EMPTY: PROJECT_NOT_EMPTY dropped",
    "rule/rule Comment EDIT_WINDOW_CLOSED: EDIT_WINDOW_CLOSED dropped",
    "unique/unique Label(name): dropped",
    "view/view LabelView: without color",
    "list/list Label: default sort -name",
    "list/list Label: filter color",
    "list/list Project: no filter visibility",
    "error/error TASK_UNASSIGNED: status 422",
)


@pytest.fixture(scope="module")
def made() -> dict[str, Mutant]:
    return {mutant.id: mutant for mutant in mutants(taskhub())}


def test_every_rule_has_mutants_and_each_is_another_spec(made: dict[str, Mutant]) -> None:
    system = taskhub()
    assert len(made) == len(list(mutants(system))) > 300
    assert [id_ for id_, mutant in made.items() if mutant.system == system] == []
    assert len(Counter(mutant.category for mutant in made.values())) > 10


@pytest.mark.slow
@pytest.mark.xdist_group("faults")
@pytest.mark.parametrize("id_", _SOME)
def test_a_changed_rule_is_noticed_and_the_same_rule_is_not(
    id_: str, made: dict[str, Mutant], taskhub_plan: Plan, taskhub_url: str
) -> None:
    seen = sight(made[id_], taskhub_url)

    assert seen.by, seen.trouble
    noticed = seen.by[0]
    same = taskhub_plan.of_kinds((noticed.kind,), (noticed.operation or noticed.element,))
    cases = taskhub_plan.put(taskhub_url, same)
    assert Outcome.FAILED not in {case.outcome for case in cases}
