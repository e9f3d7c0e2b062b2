"""The example's backend, committed beside its spec, is what a build of the spec gives."""

from pathlib import Path

import pytest

from tospec import build, pipeline, read

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "examples" / "taskhub"
BACKEND = SPEC / "backend"
IGNORED = {"__pycache__", ".hypothesis", ".pytest_cache", ".ruff_cache", ".mypy_cache"}

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
