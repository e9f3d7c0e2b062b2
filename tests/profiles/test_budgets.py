"""A backend is held to the budgets of its spec, and one without them has no load test."""

from tests.verify.slow import SPEC
from tospec.lowering.backend import backend_of
from tospec.model import System
from tospec.output import File
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.source import SourceText
from tospec.syntax import read_texts

_BLOCK = SPEC[SPEC.index("```yaml tospec\nbudget") :]


def _built(text: str) -> dict[str, File]:
    tree = PROFILE.render(backend_of(_system(text), CqrsPlaces()))
    return {file.path: file for file in tree}


def _system(text: str) -> System:
    reading = read_texts([SourceText("notes.md", text)])
    assert reading.system is not None, reading.diagnostics
    return reading.system


def test_the_numbers_of_the_spec_stand_in_the_load_test() -> None:
    files = _built(SPEC)

    budgets = files["tests/load/budgets.py"]
    assert "rows=120" in budgets.text
    assert "pause=0.025" in budgets.text
    assert "'GetNote': {95: 60}" in budgets.text
    assert "largest=65536" in budgets.text
    assert {"REQ-002", "budget:many-notes"} <= set(budgets.origins)
    assert "make load" in files["README.md"].text
    assert "\nload:" in files["Makefile"].text


def test_without_a_budget_there_is_no_load_test() -> None:
    files = _built(SPEC.replace(_BLOCK, ""))

    assert not [path for path in files if path.startswith("tests/load")]
    assert "make load" not in files["README.md"].text
    assert "load:" not in files["Makefile"].text
    assert "tests/plans/filling.py" in files
