"""Example data of specs of all kinds, made by the backends that are built from them."""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lowering.specs import ROOT
from tospec.lowering.backend import backend_of
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read

ROWS = 24
MOST_DAYS = 4
KINDS = {
    "library": ["shelves", "people", "books", "loans"],
    "zoo": ["animals", "cages", "toys", "very long winded observation of behaviours"],
}


@pytest.fixture(scope="module", params=sorted(KINDS))
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("backend") / str(request.param)
    reading = read(ROOT / "tests" / "specs" / f"{request.param}.md")
    assert reading.system is not None, reading.diagnostics
    for file in format_tree(PROFILE.render(backend_of(reading.system, CqrsPlaces()))):
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return target


def seed(folder: Path, database: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "API_KEY": secrets.token_urlsafe(8),
        "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
    }
    command = [sys.executable, "-m", "app", "seed", "--rows", str(ROWS), "--format", "json"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_every_kind_of_row_is_made(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "seed.sqlite3"

    first, second = seed(folder, database), seed(folder, database)
    made: dict[str, Any] = json.loads(first.stdout)

    assert first.stderr == ""
    assert {kind: count > 0 for kind, count in made["rows"].items()} == dict.fromkeys(
        KINDS[folder.name], True
    )
    assert max(made["rows"].values()) == ROWS
    assert (second.returncode, "tenants already" in second.stderr) == (1, True)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM tenants").fetchone() == (2,)
        entries = connection.execute("SELECT count(*) FROM audit_entries").fetchone()[0]
    assert entries > 0


def test_what_is_done_with_rows_takes_time(tmp_path: Path) -> None:
    database = tmp_path / "seed.sqlite3"

    done = seed(ROOT / "examples" / "taskhub" / "backend", database)

    assert done.returncode == 0, done.stderr
    length = "julianday(completed_at) - julianday(created_at)"
    with sqlite3.connect(database) as connection:
        query = f"SELECT {length} FROM tasks WHERE completed_at IS NOT NULL"  # noqa: S608 - ours
        days = [row[0] for row in connection.execute(query)]
    assert days
    assert all(0 < each <= MOST_DAYS for each in days)


def test_the_source_is_clean(folder: Path) -> None:
    for tool in ("ruff", "mypy"):
        arguments = (
            ["check", "--ignore", "E501", "app/seed.py"] if tool == "ruff" else ["app/seed.py"]
        )
        done = subprocess.run(
            [sys.executable, "-m", tool, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
