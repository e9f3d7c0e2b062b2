"""A spec of jobs that events start, built, checked, and proven by the tests that come with it."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lowering.specs import ROOT
from tests.postgresql import find
from tospec.lowering.backend import backend_of
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read

SPEC = ROOT / "tests/specs/parcels.md"
WORK = "app/jobs/parcels.py"
PROVEN = ("note_sealing", "reckon_lateness", "name_carrier", "name_carrier_of_new", "relabel")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backend with its tests."""
    reading = read(SPEC)
    assert reading.system is not None, reading.diagnostics
    target = tmp_path_factory.mktemp("parcels")
    for file in format_tree(PROFILE.render(backend_of(reading.system, CqrsPlaces()))):
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return target


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SECRET_KEY": secrets.token_urlsafe(48), **variables}
    for name in {"PYTHONPATH", "TEST_DATABASE_URL"} - variables.keys():
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def proven(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/work", **variables)


def test_it_lints_and_type_checks(folder: Path) -> None:
    for command in (
        ("ruff", "check", "app", "tests"),
        ("mypy", "app/jobs", "app/worker"),
    ):
        done = run(folder, "-m", *command)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("job", PROVEN)
def test_each_job_has_tests_of_its_own(folder: Path, job: str) -> None:
    text = (folder / "tests/work/test_parcels_after_events.py").read_text(encoding="utf-8")

    assert f"async def test_{job}_follows_its_event_once(" in text
    assert f"async def test_{job}_hears_of_nothing_that_was_undone(" in text


@pytest.mark.slow
def test_they_pass_on_sqlite(folder: Path) -> None:
    done = proven(folder)

    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
def test_they_pass_on_postgresql(folder: Path) -> None:
    url = find()
    if url is None:
        pytest.skip("no PostgreSQL answers")

    done = proven(folder, TEST_DATABASE_URL=url.replace("postgresql:", "postgresql+asyncpg:", 1))

    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (WORK, "parcels.c.crate_id == self._event.id", "parcels.c.crate_id != self._event.id"),
        (WORK, "return self._event.sealed and", "return not self._event.sealed and"),
        ("app/worker/relay.py", ".on_conflict_do_nothing()", ""),
        ("app/worker/on_event.py", "return self.applies()", "return True"),
    ],
)
def test_they_notice(folder: Path, path: str, old: str, new: str) -> None:
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    try:
        assert proven(folder).returncode != 0
    finally:
        file.write_text(text, encoding="utf-8")
