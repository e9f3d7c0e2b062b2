"""Gates that run a tree's tests, on small trees: what is wrong, beside what is right."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.gate.support import BY_NAME, judge, rules, write, write_built
from tospec import evidence
from tospec.evidence import Outcome
from tospec.gate.api_document import asked, operations_of
from tospec.gate.canary import try_canaries
from tospec.gate.gates import tests
from tospec.gate.recorded import Exchange
from tospec.gate.run import RunOptions, run_gate
from tospec.gate.tree import TreeUnderTest

pytestmark = pytest.mark.slow

_GOOD: Final = "def test_sum() -> None:\n    assert 1 + 1 == 2\n"
_PYTEST: Final = "import pytest\n\n\n"
_TREE: Final = {"app/main.py": "x = 1\n", "tests/test_sum.py": _GOOD}


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("def test_a():\n    assert 2 == 2\n", []),
        ("def test_a():\n    assert 1 == 2\n", ["failing-test"]),
        ("def test_a():\n    f()\n", ["asserts-nothing", "failing-test"]),
        ("def test_a():\n    len([])\n", ["asserts-nothing"]),
        ("def test_a():\n    assert True\n", ["asserts-nothing"]),
        ("def test_a():\n    check(2)\n\n\ndef check(n):\n    assert n == 2\n", []),
        (f"{_PYTEST}@pytest.mark.skip\ndef test_a():\n    assert 2 == 2\n", ["skipped-test"]),
        (
            f"{_PYTEST}def test_a():\n    assert 1 == 1\n    pytest.skip('no server here')\n",
            [],
        ),
        (f"{_PYTEST}def test_a():\n    assert 1 == 1\n    pytest.skip()\n", ["skipped-test"]),
        ("import nothing_there\n\n\ndef test_a():\n    assert 1 == 1\n", ["uncollected-test"]),
        ("def test_a(no_such_fixture):\n    assert 1 == 1\n", ["failing-test"]),
    ],
)
def test_a_test_that_proves_nothing_is_found(tmp_path: Path, test: str, found: list[str]) -> None:
    root = write(tmp_path / "tree", {**_TREE, "tests/test_a.py": test})
    result = judge(root, "tests")
    assert sorted(rules(result.violations)) == found
    passed = not found and result.outcome is Outcome.PASSED
    assert passed or (found and result.outcome is Outcome.FAILED)


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        ("pytest.ini", "[pytest]\naddopts = -k nothing_of_this_name\n", "narrowed-run"),
        ("pytest.ini", "[pytest]\naddopts = --deselect tests/test_b.py\n", "narrowed-run"),
        ("pytest.ini", "[pytest]\naddopts = --ignore tests/test_b.py\n", "uncollected-test"),
        ("conftest.py", "collect_ignore = ['tests/test_b.py']\n", "uncollected-test"),
        (
            "conftest.py",
            "def pytest_collection_modifyitems(items):\n    del items[0]\n",
            "removed-test",
        ),
    ],
)
def test_a_test_that_does_not_run_is_missed(
    tmp_path: Path, path: str, text: str, rule: str
) -> None:
    files = {**_TREE, "tests/test_b.py": _GOOD.replace("sum", "b")}
    assert judge(write(tmp_path / "whole", files), "tests").outcome is Outcome.PASSED
    result = judge(write(tmp_path / "less", {**files, path: text}), "tests")
    assert result.outcome is Outcome.FAILED
    assert rule in rules(result.violations)


def test_no_tests_prove_nothing(tmp_path: Path) -> None:
    result = judge(write(tmp_path, {"app/main.py": "x = 1\n"}), "tests")
    assert (result.outcome, result.candidates) == (Outcome.FAILED, 0)
    assert "no tests" in result.reason


def test_the_recorder_cannot_be_switched_off(tmp_path: Path) -> None:
    root = write(tmp_path, {**_TREE, "pytest.ini": "[pytest]\naddopts = -p no:tospec_recorder\n"})
    result = judge(root, "tests")
    assert (result.outcome, result.checked) == (Outcome.PASSED, 1)


def test_without_records_nothing_is_proven(tmp_path: Path) -> None:
    hidden = "import os\nos.environ['TOSPEC_RECORDS'] = '/nowhere'\n"
    result = judge(write(tmp_path, {**_TREE, "conftest.py": hidden}), "tests")
    assert (result.outcome, result.checked) == (Outcome.FAILED, 0)


def _delete(root: Path) -> None:
    (root / "tests/test_sum.py").unlink()


def _skip(root: Path) -> None:
    mark = "pytestmark = pytest.mark.skipif('1', reason='flaky')\n\n\n"
    write(root, {"tests/test_sum.py": f"{_PYTEST}{mark}{_GOOD}"})


@pytest.mark.parametrize(
    ("change", "rule"), [(_delete, "deleted-test-file"), (_skip, "skipped-test")]
)
def test_built_tests_stay(tmp_path: Path, change: Callable[[Path], None], rule: str) -> None:
    files = {**_TREE, "tests/test_b.py": _GOOD.replace("sum", "b")}
    root = write_built(tmp_path / "tree", files)
    assert judge(root, "tests").outcome is Outcome.PASSED
    change(root)
    result = judge(root, "tests")
    assert result.outcome is Outcome.FAILED
    assert rule in rules(result.violations)


def test_what_ran_is_kept_and_the_tree_left_alone(tmp_path: Path) -> None:
    marked = (
        f"{_PYTEST}@pytest.mark.requirement('REQ-1')\n@pytest.mark.operation('GetSum')\n"
        "def test_a():\n    assert 1 == 1\n"
    )
    root = write_built(tmp_path / "tree", {**_TREE, "tests/test_a.py": marked})
    before = sorted(root.rglob("*"))
    tree = TreeUnderTest(root)
    result = run_gate(tree, tests.GATE, RunOptions(evidence=tmp_path / "evidence"))
    assert result.outcome is Outcome.PASSED, result
    run = evidence.load(evidence.TestRun, tmp_path / "evidence" / "tests.json")
    assert [(each.id, each.requirements, each.operations) for each in run.tests] == [
        ("tests/test_a.py::test_a", ("REQ-1",), ("GetSum",)),
        ("tests/test_sum.py::test_sum", (), ()),
    ]
    assert (run.database, run.tree) == ("sqlite", tree.fingerprint(tree.paths))
    assert sorted(root.rglob("*")) == before


_OPENAPI: Final = """{"openapi": "3.1.0", "paths": {
  "/items": {"get": {"operationId": "list_items", "responses": {"200": {}, "404": {}}}},
  "/items/{item_id}": {"get": {"operationId": "get_item", "responses": {"200": {}, "404": {}},
    "parameters": [{"name": "item_id", "in": "path"}]}},
  "/items/new": {"get": {"operationId": "new_item", "responses": {"200": {}}}}
}}"""
_CALLS: Final = """
import httpx
import pytest


def answer(request):
    return httpx.Response(404 if request.url.path.endswith("0") else 200, json={"n": 1})


@pytest.mark.parametrize("path", ["/items", "/items/1", "/items/new"])
@pytest.mark.parametrize("times", [1, 2])
def test_call(path, times):
    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://test") as client:
        assert client.get(path)CALL
"""


@pytest.mark.parametrize(
    ("call", "found"),
    [
        (".json() == {'n': 1}", []),
        (".status_code == 200", ["body-not-read"] * 3),
    ],
)
def test_each_operation_is_asked_and_looked_into(
    tmp_path: Path, call: str, found: list[str]
) -> None:
    files = {
        "docs/openapi.json": _OPENAPI,
        "app/main.py": "x = 1\n",
        "tests/test_a.py": _CALLS.replace("CALL", call),
    }
    result = judge(write_built(tmp_path, files), "tests-per-operation")
    assert rules(result.violations) == found
    assert (result.outcome is Outcome.PASSED) is not bool(found)
    assert result.candidates == 3


def test_an_operation_that_nobody_asks_has_too_few_tests(tmp_path: Path) -> None:
    files = {"docs/openapi.json": _OPENAPI, "tests/test_sum.py": _GOOD, "app/main.py": "x = 1\n"}
    found = judge(write_built(tmp_path, files), "tests-per-operation").violations
    assert rules(found).count("too-few-tests") == 3
    assert rules(found).count("kind-not-tested") == 3


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/items", "list_items"),
        ("HEAD", "/items/7", "get_item"),
        ("GET", "/items/new", "new_item"),
        ("POST", "/items", None),
        ("GET", "/items/7/more", None),
    ],
)
def test_a_request_is_for_the_operation_that_is_routed_to(
    tmp_path: Path, method: str, path: str, name: str | None
) -> None:
    operations = operations_of(TreeUnderTest(write(tmp_path, {"docs/openapi.json": _OPENAPI})))
    found = asked(operations, Exchange(method=method, path=path, status=200, read=True))
    assert (found.id if found else None) == name


def test_a_document_that_is_none_is_a_reason(tmp_path: Path) -> None:
    for text in ("[]", "{", '{"paths": {"/a": {"get": {}}}}', '{"paths": 3}'):
        files = {"docs/openapi.json": text, "tests/test_sum.py": _GOOD, "app/main.py": "x = 1\n"}
        result = judge(write_built(tmp_path / str(len(text)), files), "tests-per-operation")
        assert result.outcome is Outcome.FAILED
        assert "is no description of an API" in result.reason


def test_lines_that_no_test_reaches_are_missed(tmp_path: Path) -> None:
    logic = "def double(n):\n    if n > 3:\n" + "        n += 0\n" * 30 + "    return 2 * n\n"
    test = "from app.services.logic import double\n\n\ndef test_a():\n    assert double({}) == {}\n"
    files = {"app/__init__.py": "", "app/services/__init__.py": "", "app/services/logic.py": logic}
    configuration = {"pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n'}
    for number, outcome in ((4, Outcome.PASSED), (3, Outcome.FAILED)):
        tested = {"tests/test_a.py": test.format(number, 2 * number)}
        root = write_built(tmp_path / str(number), {**files, **configuration, **tested})
        result = judge(root, "coverage")
        assert result.outcome is outcome, result
    assert {violation.path for violation in result.violations} == {"", "app/services/logic.py"}


def test_the_interpreter_must_have_pytest(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    tree = TreeUnderTest(write(tmp_path / "tree", _TREE), python=python)
    result = run_gate(tree, tests.GATE, RunOptions())
    assert result.outcome is Outcome.FAILED
    assert "has no pytest" in result.reason


_LOGIC: Final = """
def double(n):
    return 2 * n
"""


def _answered(status: int) -> str:
    """Return tests of every operation that are all answered alike, and look into the answers."""
    chosen = '404 if request.url.path.endswith("0") else 200'
    assert chosen in _CALLS
    return _CALLS.replace(chosen, str(status)).replace("CALL", ".json() == {'n': 1}")


_SUITE: Final = {
    "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\naddopts = ["-q"]\n',
    "app/__init__.py": "",
    "app/services/__init__.py": "",
    "app/services/logic.py": _LOGIC,
    "docs/openapi.json": _OPENAPI.replace('"404": {}', '"409": {}'),
    "tests/conftest.py": "",
    "tests/test_calls.py": _answered(200),
    "tests/test_conflicts.py": _answered(409),
    "tests/test_logic.py": "from app.services.logic import double\n\n\n"
    "def test_double():\n    assert double(2) == 4\n",
}


@pytest.mark.parametrize("name", ["tests", "coverage", "tests-per-operation"])
def test_gates_of_tests_reject_their_canaries(tmp_path: Path, name: str) -> None:
    tree = TreeUnderTest(write_built(tmp_path, _SUITE))
    control = run_gate(tree, BY_NAME[name], RunOptions())
    assert control.outcome is Outcome.PASSED, control
    tried = try_canaries(tree, BY_NAME[name], control)
    assert (tried.outcome, tried.violations) == (Outcome.PASSED, ())
    assert tried.candidates == len(BY_NAME[name].canaries()) >= 1
