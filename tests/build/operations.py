"""How many tests of a built backend call each of its operations, and are served or refused.

`python -m tests.build.operations [FOLDER]` builds a spec, runs its tests and prints the table.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tospec import build, read
from tospec.model import Operation

ROOT: Final = Path(__file__).parents[2]
TASKHUB: Final = ROOT / "examples/taskhub"
FOLDERS: Final = (
    *("accounts", "audit", "authorization", "inbox", "jobs", "operations", "scenarios"),
    "webhooks",
)
"""Tests about single operations; those of the platform call a service of their own."""

_PLUGIN: Final = Path(__file__).with_name("recording.py")
_PLACE: Final = re.compile(r"\\\{\w+\\\}")
_LONGEST: Final = 1200


@dataclass(frozen=True, slots=True)
class Called:
    """The tests that call an operation.

    Attributes:
        served: Tests in which it answered with success.
        refused: Tests in which it answered with a problem of the client's making.
    """

    name: str
    served: frozenset[str]
    refused: frozenset[str]

    @property
    def total(self) -> int:
        """How many tests call it."""
        return len(self.served | self.refused)


type Answer = tuple[str, str, str, int]
"""Test, method, path, status."""


def operations_called(spec: Path) -> tuple[Called, ...]:
    """Build a spec, run the tests of the backend, and return who calls what.

    Raises:
        RuntimeError: If a test fails.
    """
    reading = read(spec)
    assert reading.system is not None, reading.diagnostics
    with tempfile.TemporaryDirectory() as folder:
        build(reading, Path(folder, "backend"))
        answers = _answers(Path(folder))
    return tuple(called(reading.system.operations, answers))


def called(operations: Iterable[Operation], answers: Iterable[Answer]) -> Iterator[Called]:
    """Yield each operation with the tests that called it."""
    known = tuple(answers)
    for operation in operations:
        pattern = re.compile(_PLACE.sub("[^/]+", re.escape(operation.path)))
        own = [
            (test, status)
            for test, method, path, status in known
            if method == operation.method and pattern.fullmatch(path)
        ]
        yield Called(
            operation.name,
            frozenset(test for test, status in own if status < 300),
            frozenset(test for test, status in own if 400 <= status < 500),
        )


def _answers(folder: Path) -> list[Answer]:
    plugins, recorded = folder / "plugins", folder / "recorded"
    plugins.mkdir()
    recorded.mkdir()
    shutil.copy(_PLUGIN, plugins)
    backend = folder / "backend"
    tests = [f"tests/{name}" for name in FOLDERS if (backend / "tests" / name).is_dir()]
    command = [sys.executable, "-m", "pytest", "-n", "2", "-p", "recording", *tests]
    environment = {**os.environ, "PYTHONPATH": str(plugins), "RECORDED": str(recorded)}
    environment.pop("TEST_DATABASE_URL", None)
    done = subprocess.run(
        command,
        cwd=backend,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])
    files = sorted(recorded.glob("*.json"))
    return [tuple(each) for file in files for each in json.loads(file.read_text("utf-8"))]


def table(operations: Iterable[Called]) -> str:
    """Return the numbers as a Markdown table."""
    lines = ["| operation | tests | served | refused |", "| --- | ---: | ---: | ---: |"]
    for each in operations:
        lines.append(f"| {each.name} | {each.total} | {len(each.served)} | {len(each.refused)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the table of a spec, TaskHub unless another is named."""
    spec = Path(sys.argv[1]) if len(sys.argv) > 1 else TASKHUB
    sys.stdout.write(table(operations_called(spec)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
