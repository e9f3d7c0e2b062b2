"""Who may import whom, as `.importlinter` says."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.waits(1)

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)
ALONE = """
import socket

def refuse(*_: object) -> None:
    raise AssertionError("asked somebody")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
import app.main, app.server
print("imported", flush=True)
socket.create_connection(("127.0.0.1", 9))
"""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the imports of the application in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND], cwd=folder, capture_output=True, text=True, check=False
    )


def test_importing_asks_nobody() -> None:
    command = [sys.executable, "-c", ALONE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stdout == "imported\n", done.stderr
    assert "asked somebody" in done.stderr


def test_every_contract_is_kept() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("core/clock.py", "import app.services.base"),
        ("repositories/base.py", "import fastapi"),
        ("models/base.py", "import app.repositories.base"),
    ],
)
def test_an_import_against_the_grain_is_noticed(tmp_path: Path, module: str, line: str) -> None:
    for path in (ROOT / "app").rglob("*.py"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / ".importlinter").write_bytes((ROOT / ".importlinter").read_bytes())
    broken = tmp_path / "app" / module
    broken.write_text(f"{broken.read_text()}\n{line}\n")

    result = lint(tmp_path)

    assert result.returncode == 1, result.stdout
    assert "1 broken" in result.stdout or "2 broken" in result.stdout
