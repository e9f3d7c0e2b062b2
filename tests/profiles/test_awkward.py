"""Names that generated code uses itself, and unique members of few values: built, and it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lowering.specs import ROOT, entity, system_of
from tospec.lowering.backend import backend_of
from tospec.lowering.capability import unbuildable
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read

FOLDERS = ("authorization", "lists", "operations", "scenarios", "validation")
LONGEST = 600


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backend with its tests."""
    reading = read(ROOT / "tests/specs/awkward.md")
    assert reading.system is not None, reading.diagnostics
    assert not unbuildable(reading.system)
    target = tmp_path_factory.mktemp("awkward")
    for file in format_tree(PROFILE.render(backend_of(reading.system, CqrsPlaces()))):
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return target


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.slow
def test_it_lints_and_type_checks(folder: Path) -> None:
    run(folder, "ruff", "check", "app", "tests")
    run(folder, "mypy")


@pytest.mark.slow
def test_its_tests_pass(folder: Path) -> None:
    run(folder, "pytest", "-p", "no:cacheprovider", *(f"tests/{name}" for name in FOLDERS))


@pytest.mark.slow
def test_each_filter_has_a_test_of_its_own(folder: Path) -> None:
    text = (folder / "tests/lists/test_things.py").read_text(encoding="utf-8")
    names = [line for line in text.splitlines() if line.startswith("async def test_list_things_")]

    assert len(names) == len(set(names))
    assert sum("filters_by_no_next" in name for name in names) == 2


@pytest.mark.parametrize(
    ("field", "built"),
    [
        ("{type: enum, values: [only]}", False),
        ("{type: date}", False),
        ("{type: int, range: [4, 4]}", False),
        ("{type: enum, values: [one, other]}", True),
        ("{type: int, range: [4, 5]}", True),
        ("{type: date, optional: true}", True),
        ("{type: string}", True),
    ],
)
def test_what_lets_a_tenant_have_one_row_is_refused(field: str, built: bool) -> None:
    unique = entity(f"""
entity: Lone
fields:
  kind: {field}
unique: [{{fields: [kind]}}]
policy: {{visible: "true"}}
""")

    found = unbuildable(system_of(unique))

    assert [each.code for each in found] == ([] if built else ["TS1201"])
    assert all("kind" in each.message and each.span and each.help for each in found)
