"""Gates for trees that tospec built, on small ones and on TaskHub."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.gate.support import BY_NAME, TASKHUB, judge, rules, write, write_built
from tospec.evidence import Outcome
from tospec.gate.base import Gate, Turn
from tospec.gate.canary import try_canaries
from tospec.gate.gates import GATES
from tospec.gate.run import RunOptions, run_gate
from tospec.gate.tree import TreeUnderTest

_METHOD: Final = "class R:\n    async def all(self, {}):\n        return await self._all({})\n"


@pytest.mark.parametrize(
    ("taken", "used", "found"),
    [
        ("*, tenant_id", "tenant_id", []),
        ("", "", ["method-without-tenant"]),
        ("tenant_id", "tenant_id", ["method-without-tenant"]),
        ("*, tenant_id=None", "tenant_id", ["method-without-tenant"]),
        ("*, tenant_id", "3", ["tenant-not-used"]),
    ],
)
def test_a_repository_method_takes_and_uses_the_tenant(
    tmp_path: Path, taken: str, used: str, found: list[str]
) -> None:
    root = write_built(tmp_path, {"app/repositories/r.py": _METHOD.format(taken, used)})
    assert rules(judge(root, "tenant-in-repositories").violations) == found


def test_files_are_those_of_the_manifest(tmp_path: Path) -> None:
    root = write_built(tmp_path, {"app/a.py": "x = 1\n", "README.md": "# A\n"})
    assert judge(root, "files").outcome is Outcome.PASSED
    write(root, {"app/a.py": "x = 2\n", "tests/test_a.py": "y = 1\n", "notes.txt": "a"})
    result = judge(root, "files")
    assert (result.outcome, "app/a.py" in result.reason) == (Outcome.PASSED, True)
    write(root, {"app/b.py": "z = 1\n"})
    (root / "README.md").unlink()
    assert rules(judge(root, "files").violations) == ["missing-file", "file-beside"]


_SETTINGS: Final = (
    "from pydantic_settings import BaseSettings\n"
    "class Settings(BaseSettings):\n    secret_key: str\n    limit: int = 3\n"
)


@pytest.mark.parametrize(
    ("example", "readme", "found"),
    [
        ("SECRET_KEY=\n# LIMIT=3\n", "SECRET_KEY; .env.example has all", []),
        ("SECRET_KEY=\n", "SECRET_KEY; .env.example", ["undocumented-setting"]),
        ("SECRET_KEY=\nLIMIT=\nOLD=\n", "SECRET_KEY; .env.example", ["unknown-setting"]),
        ("SECRET_KEY=\nLIMIT=\n", ".env.example has all", ["setting-not-in-readme"]),
    ],
)
def test_settings_are_documented(
    tmp_path: Path, example: str, readme: str, found: list[str]
) -> None:
    files = {"app/settings.py": _SETTINGS, ".env.example": example, "README.md": readme}
    assert rules(judge(write_built(tmp_path, files), "settings-documented").violations) == found


def test_what_is_public_has_a_docstring(tmp_path: Path) -> None:
    text = '"""A."""\n\n\ndef f():\n    {}return 3\n\n\ndef _g():\n    return 3\n'
    good = write_built(tmp_path / "good", {"app/a.py": text.format('"""B it."""\n    ')})
    assert judge(good, "docstrings").outcome is Outcome.PASSED
    bad = write_built(tmp_path / "bad", {"app/a.py": text.format("")})
    assert [v.line for v in judge(bad, "docstrings").violations] == [4]


def test_types_are_only_as_good_as_their_configuration(tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/a.py": "x: int = 3\n"}
    strict = '[tool.mypy]\nstrict = true\nfiles = ["app"]\n'
    root = write_built(tmp_path, {**files, "pyproject.toml": strict})
    assert judge(root, "types").outcome is Outcome.PASSED
    write(root, {"pyproject.toml": strict.replace("true", "false")})
    assert "strict = true" in judge(root, "types").reason
    write(root, {"pyproject.toml": strict.replace('["app"]', '["app/__init__.py"]')})
    assert "only 1 of 2" in judge(root, "types").reason
    write(root, {"pyproject.toml": strict, "app/a.py": "x: int = 'a'\n"})
    assert [(v.path, v.line) for v in judge(root, "types").violations] == [("app/a.py", 1)]


def test_a_missing_tool_is_a_failure_that_says_so(tmp_path: Path) -> None:
    files = {"app/a.py": "x = 3\n", "pyproject.toml": "[tool.ruff]\n"}
    root = write_built(tmp_path, files)
    assert judge(root, "style").outcome is Outcome.PASSED
    own = write(root, {".venv/bin/python": "#!/bin/sh\nexit 1\n"}) / ".venv/bin/python"
    own.chmod(0o755)
    result = judge(root, "style")
    assert (result.outcome, "does not work" in result.reason) == (Outcome.FAILED, True)


def test_layers_without_contracts_are_no_layers(tmp_path: Path) -> None:
    root = shutil.copytree(TASKHUB, tmp_path / "tree", ignore=shutil.ignore_patterns("tests"))
    assert judge(root, "layering").outcome is Outcome.PASSED
    write(root, {"app/core/clock.py": "import app.services.base\n"})
    (found,) = judge(root, "layering").violations
    assert (found.path, found.line) == ("app/core/clock.py", 1)
    contracts = (root / ".importlinter").read_text(encoding="utf-8")
    write(root, {".importlinter": contracts.split("[importlinter:contract:layers]")[0]})
    assert "has no contract" in judge(root, "layering").reason
    (root / ".importlinter").unlink()
    assert "Restore it" in judge(root, "layering").reason


_QUICK: Final = [gate for gate in GATES if gate.turn is Turn.USUAL]


@pytest.fixture(scope="module")
def taskhub() -> TreeUnderTest:
    return TreeUnderTest(TASKHUB)


@pytest.mark.parametrize("gate", _QUICK, ids=lambda gate: gate.name)
def test_every_gate_rejects_its_canaries_in_taskhub(taskhub: TreeUnderTest, gate: Gate) -> None:
    result = try_canaries(taskhub, gate, run_gate(taskhub, gate, RunOptions()))
    assert (result.outcome, result.violations) == (Outcome.PASSED, ())
    assert result.candidates >= 1


@pytest.mark.slow
def test_the_gate_of_types_rejects_its_canaries_in_taskhub(
    taskhub: TreeUnderTest, tmp_path: Path
) -> None:
    tree = TreeUnderTest(taskhub.root, cache=tmp_path)
    types = BY_NAME["types"]
    control = run_gate(tree, types, RunOptions())
    assert try_canaries(tree, types, control).outcome is Outcome.PASSED


def test_gates_have_names_of_their_own_and_say_what_they_look_for() -> None:
    assert len({gate.name for gate in GATES}) == len(GATES) >= 17
    for gate in GATES:
        assert gate.title
        assert gate.looked_for
        assert gate.canaries()
        names = [canary.name for canary in gate.canaries()]
        assert len(set(names)) == len(names)
