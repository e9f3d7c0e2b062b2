"""The example's backend, committed beside its spec, is what a build of the spec gives."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tospec import build, pipeline, read

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "examples" / "taskhub"
BACKEND = SPEC / "backend"
IGNORED = {
    "__pycache__",
    ".hypothesis",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
    ".import_linter_cache",
    ".venv",
    ".env",
    ".coverage",
}
DOCUMENT = "docs/openapi.json"

pytestmark = pytest.mark.golden


def test_the_committed_backend_is_what_the_spec_gives(accept_golden: bool) -> None:
    reading = read(SPEC)
    if accept_golden:
        build(reading, BACKEND)

    rendered = {file.path: file.text for file in pipeline.render(reading)}

    committed = {path: (BACKEND / path).read_text(encoding="utf-8") for path in committed_paths()}
    assert sorted(committed) == sorted(rendered), "Accept with `make golden` and review the diff."
    different = [path for path in sorted(rendered) if rendered[path] != committed[path]]
    assert different == [], "Accept with `make golden` and review the diff."


def test_the_committed_openapi_document_is_the_one_that_is_served(tmp_path: Path) -> None:
    exported = tmp_path / "openapi.json"
    environment = {**os.environ, "SECRET_KEY": secrets.token_urlsafe(48)}
    command = [sys.executable, "-m", "app", "openapi", "--out", str(exported)]
    subprocess.run(command, cwd=BACKEND, env=environment, check=True)

    assert exported.read_bytes() == (BACKEND / DOCUMENT).read_bytes()


def test_every_file_of_the_backend_says_where_it_comes_from() -> None:
    without = [
        file.path
        for file in pipeline.render(read(SPEC))
        if "task" in file.path.lower() and file.path.startswith("app/") and not file.origins
    ]

    assert without == []


def committed_paths() -> list[str]:
    files = (file for file in BACKEND.rglob("*") if file.is_file())
    paths = (file.relative_to(BACKEND) for file in files)
    return [
        path.as_posix()
        for path in paths
        if path.parts[0] != ".tospec"
        and not IGNORED & set(path.parts)
        and path.suffix not in {".sqlite3", ".pyc"}
    ]
