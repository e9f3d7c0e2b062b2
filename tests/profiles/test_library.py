"""A spec of all kinds of operations, built, checked, and asked over HTTP."""

import asyncio
import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests.postgresql import find
from tospec.lowering.backend import backend_of
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import LOGIC, PROFILE
from tospec.syntax import read

SPEC = Path(__file__).parents[1] / "specs" / "library.md"
BEHAVIOUR = Path(__file__).with_name("library_behaviour.py")
WELL = "library: all is well\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reading = read(SPEC)
    assert reading.system is not None, reading.diagnostics
    target = tmp_path_factory.mktemp("library")
    for file in format_tree(PROFILE.render(backend_of(reading.system, CqrsPlaces()))):
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return target


def run(folder: Path, *command: str, **variables: str) -> str:
    """Run a command inside the backend and return what it said."""
    environment = {**os.environ, "PYTHONPATH": str(folder), **variables}
    environment |= {"SECRET_KEY": secrets.token_urlsafe(48), "API_KEY": secrets.token_urlsafe(8)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_lints_and_type_checks(folder: Path) -> None:
    tools = Path(sys.executable).parent
    run(folder, sys.executable, "-m", "ruff", "check", "app")
    run(folder, sys.executable, "-m", "mypy", "app")
    run(folder, str(tools / "lint-imports"))


def test_it_behaves_on_sqlite(folder: Path, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'library.sqlite3'}"

    assert run(folder, sys.executable, str(BEHAVIOUR), DATABASE_URL=url) == WELL


def test_it_behaves_on_postgresql(folder: Path) -> None:
    server = find()
    if server is None:
        pytest.skip("NOT RUN: there is no PostgreSQL server")
    name = f"library_{secrets.token_hex(4)}"
    asyncio.run(execute(server, f"CREATE DATABASE {name}"))
    try:
        url = urlunsplit(urlsplit(server)._replace(scheme="postgresql+asyncpg", path=f"/{name}"))
        assert run(folder, sys.executable, str(BEHAVIOUR), DATABASE_URL=url) == WELL
    finally:
        asyncio.run(execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


def test_every_file_knows_where_it_comes_from() -> None:
    reading = read(SPEC)
    assert reading.system is not None
    backend = backend_of(reading.system, CqrsPlaces())
    files = [file for artifact in LOGIC for file in artifact.files(backend)]

    assert len(files) > 40
    assert [file.path for file in files if not file.origins] == []


def test_the_spec_s_own_words_stay_words(folder: Path) -> None:
    about = (folder / "app/about.py").read_text(encoding="utf-8")
    settings = (folder / "app/core/settings.py").read_text(encoding="utf-8")

    assert "NAME: Final = 'City \"Library\" {{x}}'" in about
    assert 'Hello "there" {x}' in settings


async def execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
