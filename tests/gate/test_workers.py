"""The tests of a built tree are shared out among processes, and nothing gets lost on the way."""

from pathlib import Path
from typing import Final

import pytest

from tests.gate.support import judge, rules, write_built
from tospec.evidence import Outcome
from tospec.gate.suite import suite_of
from tospec.gate.tree import TreeUnderTest

_CONFIGURATION: Final = '[tool.pytest.ini_options]\npythonpath = ["."]\nmarkers = ["waits(s): w"]\n'
_TEST: Final = "def test_a():\n    assert 1 == 1\n\n\ndef test_b():\n    assert 2 == 2\n"
_FILES: Final = 12
_SESSION: Final = """
import os
import pytest
from pathlib import Path

@pytest.fixture(scope="session", autouse=True)
def _noted():
    with (Path({folder!r}) / str(os.getpid())).open("a") as file:
        yield file
        file.write("ended")
"""
# Whoever waits leaves the others to somebody else.
_WAITING: Final = "import time\n\n\ndef test_a():\n    time.sleep({})\n    assert 1 == 1\n"


def _tree(root: Path, **more: str) -> Path:
    files = {f"tests/test_{number}.py": _TEST for number in range(_FILES)}
    named = {f"tests/{name}.py": text for name, text in more.items()}
    return write_built(root, {**files, **named, "pyproject.toml": _CONFIGURATION})


def test_each_test_runs_once_in_one_of_several_processes(tmp_path: Path) -> None:
    folder = tmp_path / "processes"
    folder.mkdir()
    waiting = {f"test_waiting_{number}": _WAITING.format(0.3) for number in range(4)}
    root = _tree(tmp_path / "tree", conftest=_SESSION.format(folder=str(folder)), **waiting)

    suite = suite_of(TreeUnderTest(root))

    ran = [each.id for each in suite.records.tests]
    assert (suite.fault, len(ran), frozenset(ran)) == ("", 28, suite.records.collected)
    assert {each.outcome for each in suite.records.tests} == {Outcome.PASSED}
    ended = [file.read_text(encoding="utf-8") for file in folder.iterdir()]
    assert len(ended) > 1
    assert set(ended) == {"ended"}


@pytest.mark.parametrize(
    ("last", "rule"),
    [
        ("assert 1 == 1", None),
        ("assert 1 == 2", "failing-test"),
        ("__import__('os')._exit(0)", "lost-test"),
        ("__import__('os').abort()", "lost-test"),
    ],
)
def test_what_goes_wrong_in_one_process_is_told(
    tmp_path: Path, last: str, rule: str | None
) -> None:
    wrong = f"def test_a():\n    assert 1 == 1\n    {last}\n"

    result = judge(_tree(tmp_path, test_wrong=wrong), "tests")

    assert result.outcome is (Outcome.PASSED if rule is None else Outcome.FAILED)
    assert set(rules(result.violations)) == ({rule} if rule else set())


def test_lines_count_wherever_they_ran(tmp_path: Path) -> None:
    lines = {f"app/services/part_{number}.py": "def f():\n    return 1\n" for number in range(6)}
    test = (
        "import time\nfrom app.services.part_{0} import f\n\n\ndef test_a():\n    time.sleep(0.2)\n"
    )
    tests = {
        f"tests/test_{number}.py": test.format(number) + "    assert f() == 1\n"
        for number in range(6)
    }
    packages = {"app/__init__.py": "", "app/services/__init__.py": ""}
    root = write_built(tmp_path, {**lines, **tests, **packages, "pyproject.toml": _CONFIGURATION})

    measured = suite_of(TreeUnderTest(root)).coverage

    assert {path: measured[path].missing for path in lines} == dict.fromkeys(lines, ())
