"""The tests that come with a backend: they pass, and they fail when the backend is wrong."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lowering.specs import ROOT
from tospec.lowering.backend import backend_of
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read

FOLDERS = (
    *("architecture", "audit", "authorization", "events", "isolation", "lifecycles", "lists"),
    *("migrations", "operations", "rules", "scenarios", "validation"),
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["zoo", "library"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backend with its tests."""
    reading = read(ROOT / f"tests/specs/{request.param}.md")
    assert reading.system is not None, reading.diagnostics
    target = tmp_path_factory.mktemp(request.param)
    for file in format_tree(PROFILE.render(backend_of(reading.system, CqrsPlaces()))):
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return target


def run(folder: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "API_KEY": secrets.token_urlsafe(8)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_they_pass(folder: Path) -> None:
    known = [f"tests/{name}" for name in FOLDERS if (folder / "tests" / name).is_dir()]

    done = run(folder, *known)

    assert done.returncode == 0, done.stdout[-3000:]


def test_they_lint(folder: Path) -> None:
    command = [sys.executable, "-m", "ruff", "check", "tests"]

    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("path", "old", "new", "tests"),
    [
        (
            "app/repositories/asking.py",
            ".where(cls.table.c.tenant_id == TENANT)",
            "",
            "tests/isolation",
        ),
        ("app/authorization/decisions.py", "if not allowed:", "if False:", "tests/authorization"),
        (
            "app/core/preconditions.py",
            "elif not self.matches_any",
            "elif False",
            "tests/operations",
        ),
    ],
)
def test_they_notice(folder: Path, path: str, old: str, new: str, tests: str) -> None:
    require_noticed(folder / path, old, new, folder, tests)


@pytest.mark.parametrize("folder", ["zoo"], indirect=True)
def test_they_notice_that_rows_count_for_longer(folder: Path) -> None:
    values = folder / "app/computed/cages.py"
    require_noticed(values, "days=7", "days=8", folder, "tests/operations/test_cages.py")


def require_noticed(file: Path, old: str, new: str, folder: Path, tests: str) -> None:
    right = file.read_text(encoding="utf-8")
    assert right.count(old) == 1
    file.write_text(right.replace(old, new), encoding="utf-8")
    try:
        done = run(folder, "-x", tests)
    finally:
        file.write_text(right, encoding="utf-8")

    assert done.returncode in {1, 2}, done.stdout[-3000:]
    assert "\nFAILED tests/" in done.stdout
