"""The verifier finds defects that were planted in a backend, by the cases meant for them.

A few of each run here; `make score` plants all.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.verify.faults import FAULTS, Fault
from tests.verify.faults.hunt import hunt, misfits
from tests.verify.putting import Plan
from tests.verify.serving import TASKHUB, Edit, ServingError, Template, patch, serving
from tests.verify.stubbing import OUTSIDE, Outside
from tospec.evidence import Outcome
from tospec.verify.cases import KINDS

FIRST = [fault for fault in FAULTS if fault.first]


@pytest.mark.slow
@pytest.mark.xdist_group("faults")
@pytest.mark.parametrize("fault", FIRST, ids=[fault.id for fault in FIRST])
def test_a_planted_fault_is_found_and_its_absence_is_not(
    fault: Fault,
    taskhub_plan: Plan,
    taskhub_template: Template,
    taskhub_url: str,
    tmp_path: Path,
) -> None:
    found = hunt(fault, taskhub_plan, taskhub_template, tmp_path / "backend")

    assert found.by, found.trouble
    same = [case for case in taskhub_plan.cases if case.id == found.by[0].id]
    if not OUTSIDE.intersection(fault.kinds):
        assert [case.outcome for case in taskhub_plan.put(taskhub_url, same)] == [Outcome.PASSED]
        return
    outside = Outside.beside(tmp_path / "sound")
    with serving(taskhub_template.copy(tmp_path / "sound"), outside.settings) as url:
        cases = taskhub_plan.put(url, same, outside=outside)
        assert [case.outcome for case in cases] == [Outcome.PASSED]


def test_every_fault_still_fits_the_backend() -> None:
    assert misfits(FAULTS, TASKHUB / "backend") == []


def test_a_fault_that_does_not_fit_is_told(tmp_path: Path) -> None:
    (told,) = misfits(FAULTS[:1], tmp_path)
    assert told.startswith(f"{FAULTS[0].id}: There is no app/")


def test_there_are_faults_of_every_class_and_each_once() -> None:
    classes = Counter(fault.category for fault in FAULTS)
    assert len(FAULTS) >= 60
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)
    assert len({fault.edits for fault in FAULTS}) == len(FAULTS)
    assert min(classes.values()) >= 3


def test_every_fault_is_expected_of_kinds_that_there_are() -> None:
    known = {kind.name for kind in KINDS}
    assert {kind for fault in FAULTS for kind in fault.kinds} <= known


def test_a_patch_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one = 1\ntwo = 1\n", encoding="utf-8")
    for old in ("= 1", "= 2"):
        with pytest.raises(ServingError, match=r"a\.py holds this [02] times"):
            patch(tmp_path, Edit("a.py", old, "= 3"))
    with pytest.raises(ServingError, match="There is no"):
        patch(tmp_path, Edit("b.py", "one", "two"))

    patch(tmp_path, Edit("a.py", "one = 1", "one = 3"))

    assert (tmp_path / "a.py").read_text(encoding="utf-8") == "one = 3\ntwo = 1\n"
