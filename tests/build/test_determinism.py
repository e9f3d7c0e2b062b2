"""Same spec, same bytes: whoever builds it, wherever, whenever."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC_FILES = sorted((ROOT / "examples" / "taskhub").glob("*.md"))
WORLDS = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LANG": "C", "LC_ALL": "C", "USER": "ada"},
    {
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Auckland",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "C.UTF-8",
        "USER": "noah",
        "PYTHONUTF8": "1",
    },
)


@pytest.mark.slow
def test_two_builds_are_equal_byte_by_byte(tmp_path: Path) -> None:
    first = built(tmp_path / "one", WORLDS[0], umask=0o022)
    second = built(tmp_path / "some where else", WORLDS[1], umask=0o077)

    assert first == second
    assert len(first) > 100


@pytest.mark.slow
def test_another_spec_gives_other_bytes(tmp_path: Path) -> None:
    first = built(tmp_path / "one", WORLDS[0], umask=0o022)
    other = built(tmp_path / "two", WORLDS[0], umask=0o022, title="TaskHub Two")

    assert first != other


def built(
    home: Path, world: dict[str, str], *, umask: int, title: str = "TaskHub"
) -> dict[str, str]:
    """Build the example in a world of its own; return a digest and the mode of each file."""
    spec = home / "spec"
    spec.mkdir(parents=True)
    for file in SPEC_FILES:
        text = file.read_text(encoding="utf-8").replace("title: TaskHub", f"title: {title}")
        (spec / file.name).write_text(text, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **world}
    command = [sys.executable, "-m", "tospec", "build", str(spec), "--out", str(home / "out")]
    subprocess.run(command, cwd=home, env=environment, umask=umask, check=True)
    files = sorted(file for file in (home / "out").rglob("*") if file.is_file())
    return {file.relative_to(home / "out").as_posix(): digest(file) for file in files}


def digest(file: Path) -> str:
    return f"{file.stat().st_mode:o} {hashlib.sha256(file.read_bytes()).hexdigest()}"
