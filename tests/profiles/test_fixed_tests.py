"""The tests that every backend comes with hold whatever its roles, permissions and settings are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lowering.specs import ROOT
from tests.profiles.scaffolding import SCAFFOLD
from tospec.lowering.backend import backend_of
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read

LONGEST = 600
SUITES = {
    "examples/todo/spec.md": ("accounts", "api", "core", "seeding", "security"),
    # One role, which may do everything.
    "tests/specs/wire.md": ("accounts", "core/test_basics.py", "seeding"),
    # A setting without a default.
    "tests/specs/library.md": ("accounts/test_users.py", "core/test_config.py", "seeding"),
    # Rows that are files, below no other row.
    "tests/specs/files.md": ("files", "operations", "seeding"),
}


def build(spec: Path, folder: Path) -> None:
    """Write the backend of `spec` into `folder`."""
    reading = read(spec)
    assert reading.system is not None, reading.diagnostics
    for file in format_tree(PROFILE.render(backend_of(reading.system, CqrsPlaces()))):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("spec", SUITES)
def test_they_pass_on_sqlite(spec: str, tmp_path: Path) -> None:
    build(ROOT / spec, tmp_path)
    paths = [f"tests/{name}" for name in SUITES[spec]]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rf", *paths],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def named_in(text: str) -> list[str]:
    """Return the ids, roles and permissions of one spec that a fixed test names."""
    return re.findall(r"REQ-\d+|\bRole\.[A-Z_]+|\bPermission\.[A-Z_]+", text)


def test_they_name_no_requirement_no_role_and_no_permission() -> None:
    assert named_in('"""REQ-002: Role.OWNER and Permission.TASK_READ."""') == [
        *("REQ-002", "Role.OWNER", "Permission.TASK_READ")
    ]

    found = {
        path.relative_to(SCAFFOLD).as_posix(): named_in(path.read_text(encoding="utf-8"))
        for path in sorted(SCAFFOLD.rglob("*.py"))
    }

    assert len(found) > 50
    assert {path: names for path, names in found.items() if names} == {}
