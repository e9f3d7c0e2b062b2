"""A spec of jobs that follow one another and of a digest, built, checked and run."""

import os
import secrets
import shutil
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

SPEC = ROOT / "tests/specs/captions.md"
BEHAVIOUR = Path(__file__).with_name("captions_behaviour.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backend with its tests, and those of what comes of its chain."""
    reading = read(SPEC)
    assert reading.system is not None, reading.diagnostics
    target = tmp_path_factory.mktemp("captions")
    for file in format_tree(PROFILE.render(backend_of(reading.system, CqrsPlaces()))):
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    shutil.copy(BEHAVIOUR, target / "tests/work/test_captions.py")
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
    # Jobs that queue themselves again and again would keep a test busy for ever.
    limit = ("--timeout", "20", "--timeout-method", "thread")
    options = ("-q", "-x", *limit, "-p", "no:cacheprovider")
    tests = ("tests/work", "tests/jobs/test_runs.py", "tests/jobs/test_asking_each.py")
    return run(folder, "-m", "pytest", *options, *tests, **variables)


def test_it_lints_and_type_checks(folder: Path) -> None:
    for command in (
        ("ruff", "check", "app", "--exclude", "tests/work/test_captions.py"),
        ("mypy", "app/jobs", "app/worker", "app/services"),
    ):
        done = run(folder, "-m", *command)
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_it_does_what_the_spec_says_on_sqlite(folder: Path) -> None:
    done = proven(folder)

    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
def test_it_does_what_the_spec_says_on_postgresql(folder: Path) -> None:
    url = find()
    if url is None:
        pytest.skip("no PostgreSQL answers")

    done = proven(folder, TEST_DATABASE_URL=url.replace("postgresql:", "postgresql+asyncpg:", 1))

    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/worker/chain.py", '"given": answer', '"given": None'),
        ("app/worker/chain.py", '"run_id": lease.part.run_id', '"run_id": None'),
        ("app/worker/relay.py", "() if work.follows else work.on", "work.on"),
        ("app/worker/run.py", "or progress.idle", "or False"),
        ("app/worker/asking_each.py", '"row_id": row_id', '"row_id": None'),
    ],
)
def test_its_tests_notice(folder: Path, path: str, old: str, new: str) -> None:
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    try:
        assert proven(folder).returncode != 0
    finally:
        file.write_text(text, encoding="utf-8")
