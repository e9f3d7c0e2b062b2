"""Who may import whom, as `.importlinter` says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import told_of_import

pytestmark = pytest.mark.waits(1)

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)
AGAINST_THE_GRAIN = [
    ("core/clock.py", "app.services.base"),
    ("repositories/base.py", "fastapi"),
    ("models/base.py", "app.repositories.base"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the imports of the application in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def told_of_planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is told of a copy of the application that holds all those imports."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)
    for module, imported in AGAINST_THE_GRAIN:
        with (folder / "app" / module).open("a") as source:
            source.write(f"\nimport {imported}\n")
    result = lint(folder)
    assert result.returncode == 1, result.stdout
    return result.stdout


def test_importing_asks_nobody() -> None:
    told = told_of_import()

    assert told.before == frozenset()
    assert told.after >= {"app.main", "app.server"}
    assert told.asked == []
    assert len(told.noted) == 1


def test_every_contract_is_kept() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(("module", "imported"), AGAINST_THE_GRAIN)
def test_an_import_against_the_grain_is_noticed(
    told_of_planted: str, module: str, imported: str
) -> None:
    name = f"app.{module.removesuffix('.py').replace('/', '.')}"
    layer, other = (".".join(each.split(".")[:2]) for each in (name, imported))

    assert f"{layer} is not allowed to import {other}:" in told_of_planted
    assert re.search(rf"^- +{name} -> {imported} \(l\.\d+\)$", told_of_planted, re.MULTILINE)
    assert "0 kept, 2 broken" in told_of_planted
