"""Keeps the scaffold of the profile and the example's backend the same, byte for byte.

`python -m tests.profiles.scaffolding` copies the backend's files that no template makes, and
notes what the backend's modules tell of the part of its API that is the same in all.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tospec.lowering.backend import backend_of
from tospec.output import Tree, format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read

ROOT: Final = Path(__file__).parents[2]
SPEC: Final = ROOT / "examples/taskhub"
BACKEND: Final = SPEC / "backend"
SCAFFOLD: Final = ROOT / "src/tospec/profiles/cqrs/scaffold"
COMMON: Final = ROOT / "src/tospec/profiles/cqrs/render/openapi/common.json"
"""What the documents of all backends have in common."""

OF_THE_SPEC: Final = ("app/seed.py", "docs/spec/")
"""Files that belong to the example, whether a template makes them or not."""


def built() -> Tree:
    """Return the files that templates make of the example, formatted."""
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted(SPEC.glob("*.md")):
            (Path(folder) / source.name).write_bytes(source.read_bytes())
        reading = read(folder)
    if reading.system is None:
        message = "The example cannot be read."
        raise AssertionError(message)
    backend = backend_of(reading.system, CqrsPlaces())
    made = (artifact.files(backend) for artifact in PROFILE.artifacts)
    return format_tree(Tree(file for files in made for file in files))


def scaffold_of(made: Tree) -> dict[str, bytes]:
    """Return the backend's files that do not vary with the spec."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "."],
        cwd=BACKEND,
        capture_output=True,
        check=True,
        text=True,
    )
    names = (name for name in listed.stdout.split("\0") if name)
    return {
        name: (BACKEND / name).read_bytes()
        for name in sorted(names)
        if name not in made and (BACKEND / name).is_file()
        if not name.startswith((*OF_THE_SPEC, ".tospec/"))
    }


def stored_scaffold() -> dict[str, bytes]:
    """Return the files of the profile's scaffold."""
    files = (path for path in SCAFFOLD.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(SCAFFOLD).as_posix(): path.read_bytes() for path in sorted(files)}


def common_openapi() -> bytes:
    """Return what the backend's modules tell of the API of all backends."""
    program = Path(__file__).with_name("fixed_openapi.py")
    environment = {**os.environ, "PYTHONPATH": str(BACKEND), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(program)]
    done = subprocess.run(
        command, cwd=BACKEND, env=environment, capture_output=True, check=True, timeout=60
    )
    return done.stdout


def main() -> int:
    """Bring the scaffold up to date."""
    wanted, stored = scaffold_of(built()), stored_scaffold()
    for name in sorted(stored.keys() - wanted.keys()):
        (SCAFFOLD / name).unlink()
    for name, text in wanted.items():
        target = SCAFFOLD / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)
    COMMON.write_bytes(common_openapi())
    sys.stdout.write(f"{len(wanted)} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
