"""The spec that holds everything, built, checked and run."""

import asyncio
import hashlib
import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests.lowering.specs import ROOT, ZOO, zoo
from tospec.ir.backend import Backend
from tospec.lowering.backend import backend_of
from tospec.output import File, Tree, format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import DATA, PROFILE
from tospec.source import SourceText
from tospec.syntax import read_texts

BEHAVIOUR = Path(__file__).with_name("zoo_behaviour.py")
CHECKED = (
    "app/models",
    "app/computed",
    "app/rules",
    "app/repositories",
    "app/authorization/policies",
    "app/errors.py",
    "app/jobs",
    "app/worker",
    "migrations",
)


@pytest.fixture(scope="module")
def backend() -> Backend:
    return backend_of(zoo(), CqrsPlaces())


@pytest.fixture(scope="module")
def folder(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zoo")
    for file in format_tree(PROFILE.render(backend)):
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return target


def run(folder: Path, *command: str, **variables: str) -> str:
    """Run a command inside the backend and return what it said."""
    environment = {**os.environ, "PYTHONPATH": str(folder), **variables}
    environment["SECRET_KEY"] = secrets.token_urlsafe(48)
    environment.pop("TEST_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_data_half_lints_and_type_checks(folder: Path) -> None:
    run(folder, "-m", "ruff", "check", *CHECKED)
    run(folder, "-m", "mypy", *CHECKED)


def test_every_file_knows_where_it_comes_from(backend: Backend) -> None:
    for artifact in DATA:
        for file in artifact.files(backend):
            assert file.origins, file.path


def test_it_behaves_on_sqlite(folder: Path, tmp_path: Path) -> None:
    said = run(folder, str(BEHAVIOUR), f"sqlite+aiosqlite:///{tmp_path / 'zoo.sqlite3'}")
    assert said.endswith("zoo: all is well\n")


def test_it_behaves_on_postgresql(folder: Path, postgres_url: str) -> None:
    name = f"zoo_{secrets.token_hex(6)}"
    asyncio.run(on_server(postgres_url, f"CREATE DATABASE {name}"))
    try:
        url = urlunsplit(urlsplit(postgres_url)._replace(scheme="postgresql+asyncpg", path=name))
        assert run(folder, str(BEHAVIOUR), url).endswith("zoo: all is well\n")
    finally:
        asyncio.run(on_server(postgres_url, f"DROP DATABASE {name} WITH (FORCE)"))


async def on_server(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def test_its_schema_is_the_one_of_its_models(folder: Path) -> None:
    run(folder, "-m", "pytest", "tests/migrations/test_schema.py")


def test_the_same_spec_gives_the_same_bytes() -> None:
    program = "import sys; from tests.profiles.test_zoo import digest; sys.stdout.write(digest())"
    digests = {run(ROOT, "-c", program, PYTHONHASHSEED=seed) for seed in ("1", "2")}
    assert digests == {digest()}


def digest() -> str:
    """Return a digest of all that templates make of the spec."""
    built = backend_of(zoo(), CqrsPlaces())
    files: list[File] = [f for artifact in PROFILE.artifacts for f in artifact.files(built)]
    text = "".join(f"{f.path}\n{f.origins}\n{f.text}" for f in Tree(files))
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_revision_follows_from_the_tables() -> None:
    spec = ZOO.read_text(encoding="utf-8")
    same, prose, changed = (
        revisions(spec),
        revisions(spec.replace("A creature with every kind of value.", "A beast.")),
        revisions(spec.replace("length: [1, 60]", "length: [1, 61]")),
    )
    assert same == prose
    assert same[0] == changed[0]
    assert same[1] != changed[1]


def revisions(spec: str) -> list[str]:
    """Return the revisions of the migrations of a spec, in order."""
    reading = read_texts([SourceText("zoo.md", spec)])
    assert reading.system is not None, reading.diagnostics
    built = backend_of(reading.system, CqrsPlaces())
    files = (file for artifact in DATA for file in artifact.files(built))
    made = [file.text for file in files if file.path.startswith("migrations/")]
    lines = (line for text in made for line in text.splitlines())
    return [line for line in lines if line.startswith("revision")]
