"""Faults that are planted in TaskHub, and the gates that run it as a whole."""

import ast
from pathlib import Path
from typing import Final

import pytest

from tests.gate.support import BY_NAME, TASKHUB, judge, write, write_built
from tospec.evidence import Outcome
from tospec.gate.canary import try_canaries
from tospec.gate.gates.mutation import try_mutants
from tospec.gate.mutants import mutants_of
from tospec.gate.mutators import MUTATORS
from tospec.gate.tree import TreeUnderTest

_OF_A_PROCESS: Final = ("serves", "openapi", "migrations")


def test_every_way_finds_a_place_and_changes_one_thing() -> None:
    tree = TreeUnderTest(TASKHUB)
    mutants, missing = mutants_of(tree)
    assert missing == ()
    assert [each.name.partition(" ")[0] for each in mutants] == [each.name for each in MUTATORS]
    for mutant in mutants:
        before = ast.parse(tree.read(mutant.path) or "")
        after = ast.parse(mutant.text)
        assert ast.dump(before) != ast.dump(after), mutant.name
        changed = set(mutant.text.split("\n")) - set((tree.read(mutant.path) or "").split("\n"))
        assert len(changed) <= 2, mutant.name
        assert mutant.tests, mutant.name


@pytest.mark.slow
def test_each_fault_is_noticed_by_the_tests_that_should() -> None:
    tree = TreeUnderTest(TASKHUB)
    mutants, _ = mutants_of(tree)
    assert [each.mutant.name for each in try_mutants(tree, mutants) if not each.noticed] == []


def test_a_tree_without_what_every_tree_has_cannot_be_judged(tmp_path: Path) -> None:
    root = write_built(tmp_path, {"app/main.py": "x = 1\n", "tests/test_a.py": "x = 1\n"})
    result = judge(root, "mutation")
    assert result.outcome is Outcome.FAILED
    assert "no-tenant-filter" in result.reason


_SCOPED: Final = """
def _scoped(self, tenant_id):
    return self.rows.where(tenant_id == self.tenant_id, self.c.tenant_id == tenant_id)  # ü
"""


def test_a_fault_keeps_the_rest_of_its_line(tmp_path: Path) -> None:
    tree = TreeUnderTest(write(tmp_path, {"app/repositories/a.py": _SCOPED}))
    [mutant], missing = mutants_of(tree)
    expected = _SCOPED.replace("tenant_id == self.tenant_id", "tenant_id == tenant_id")
    assert mutant.text == expected
    assert set(missing) == {"no-role-check", "no-if-match"}


@pytest.mark.slow
@pytest.mark.parametrize("name", _OF_A_PROCESS)
def test_taskhub_passes_and_its_planted_violations_do_not(name: str) -> None:
    tree = TreeUnderTest(TASKHUB)
    result = judge(TASKHUB, name)
    assert result.outcome is Outcome.PASSED, (result.reason, result.violations)
    tried = try_canaries(tree, BY_NAME[name], result)
    assert tried.outcome is Outcome.PASSED, (tried.reason, tried.violations)


@pytest.mark.parametrize("name", _OF_A_PROCESS)
def test_a_tree_that_does_not_run_fails(tmp_path: Path, name: str) -> None:
    root = write_built(tmp_path, {"app/__init__.py": "", "docs/openapi.json": '{"paths": {}}'})
    result = judge(root, name)
    assert result.outcome is Outcome.FAILED
    assert result.reason or result.violations
