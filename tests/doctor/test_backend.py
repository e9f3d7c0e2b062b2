"""What is said about a backend's folder: each fault beside the folder that has it not."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doctor.test_machine import BUNDLED, HERE
from tospec.doctor import Health, Outcome, examined
from tospec.doctor.backend import BackendFolder
from tospec.doctor.base import Seen
from tospec.doctor.looking import looked
from tospec.doctor.packages import Interpreter
from tospec.errors import UsageError

STRONG = "Zk3-9xQw7_LmT2vRb8NcY5dHs1GfJ4pA"
type Patch = pytest.MonkeyPatch


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: Patch) -> Path:
    """A backend as `tospec build` leaves it, with a `.venv` and settings."""
    for name in ("SECRET_KEY", "DATABASE_URL", "TOSPEC_TEST_POSTGRES"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "my backend"
    for name in (
        *(".tospec/manifest.json", "Makefile", ".env.example"),
        *("requirements.lock", "requirements.txt", "requirements-dev.txt"),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / name, root / name)
    python(root, f'exec {sys.executable} "$@"')
    env(root, f"SECRET_KEY={STRONG}")
    return root


def python(root: Path, script: str) -> None:
    program = root / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.unlink(missing_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def env(root: Path, text: str) -> None:
    (root / ".env").write_text(text, encoding="utf-8")
    (root / ".env").chmod(0o600)


def found(root: Path, name: str) -> Seen:
    running = Interpreter(Path(sys.executable), root)
    (probe,) = [each for each in BackendFolder(root, running).probes() if each.name == name]
    return looked([probe])[name]


def told(root: Path) -> list[str]:
    running = Interpreter(Path(sys.executable), root)
    return [seen.said for seen in looked(BackendFolder(root, running).probes()).values()]


def lacking(health: Health) -> dict[str, list[str]]:
    return {v.verb: [each.name for each in v.missing] for v in health.verbs if not v.ready}


def test_a_folder_that_is_complete(folder: Path) -> None:
    health = examined(BUNDLED, folder)
    assert lacking(health) == {}
    own = {f.name: f.outcome for f in health.findings if f.name in {"backend", "settings"}}
    assert own == {"backend": Outcome.OK, "settings": Outcome.OK}
    assert found(folder, "interpreter").said.endswith(f"{folder}/.venv/bin/python")


def test_nothing_in_the_folder_changes(folder: Path) -> None:
    def state() -> dict[str, bytes]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files}

    before = state()
    assert len(before) > 5
    examined(BUNDLED, folder)
    assert state() == before


def test_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        examined(BUNDLED, tmp_path / "none")


def test_without_packages_neither_gate_nor_serve_can_work(folder: Path) -> None:
    base = Path(sys.executable).resolve()
    python(folder, f'exec {base} -S "$@"')
    health = examined(BUNDLED, folder)
    assert lacking(health) == {
        "gate": ["locked-packages", "test-packages"],
        "serve": ["locked-packages"],
    }
    (locked,) = [each for each in health.findings if each.name == "locked-packages"]
    assert "is not installed" in locked.said
    assert locked.mend == f"make -C '{folder}' install"


def test_an_interpreter_that_is_gone_or_broken(folder: Path) -> None:
    python(folder, "exit 7")
    assert "does not work as an interpreter" in found(folder, "interpreter").said
    link = folder / ".venv" / "bin" / "python"
    link.unlink()
    link.symlink_to("/no/such/python")
    gone = found(folder, "interpreter")
    assert gone.outcome is Outcome.MISSING
    assert gone.mend == f"rm -r '{folder}/.venv' && make -C '{folder}' install"
    shutil.rmtree(folder / ".venv")
    assert found(folder, "interpreter").outcome is Outcome.OPTIONAL


@pytest.mark.parametrize(
    "text",
    [
        f"SECRET_KEY={STRONG}",
        f"export secret_key = '{STRONG}'  # mine",
        f'SECRET_KEY=\nnoise\n=x\nSECRET_KEY="{STRONG}"',
        f"SECRET_KEY={STRONG} # mine",
    ],
)
def test_secrets_that_are_set(folder: Path, text: str) -> None:
    env(folder, text)
    assert found(folder, "settings").outcome is Outcome.OK


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "SECRET_KEY is not set"),
        ("SECRET_KEY=", "SECRET_KEY is not set"),
        ("SECRET_KEY=short-one", "SECRET_KEY is too weak"),
        (f"SECRET_KEY={'ab' * 30}", "SECRET_KEY is too weak"),
        (f"# SECRET_KEY={STRONG}", "SECRET_KEY is not set"),
    ],
)
def test_secrets_that_are_missing_or_weak(folder: Path, text: str, said: str) -> None:
    env(folder, text)
    seen = found(folder, "settings")
    assert (seen.outcome, seen.said.partition(",")[0]) == (Outcome.MISSING, said)
    subprocess.run(["sh", "-c", seen.mend], check=True)
    assert found(folder, "settings").outcome is Outcome.OK


def test_without_a_file_make_makes_one(folder: Path) -> None:
    (folder / ".env").unlink()
    seen = found(folder, "settings")
    assert seen.mend == f"make -C '{folder}' env"
    subprocess.run(["sh", "-c", seen.mend], check=True, capture_output=True)
    assert found(folder, "settings").outcome is Outcome.OK


def test_the_environment_goes_before_the_file(folder: Path, monkeypatch: Patch) -> None:
    env(folder, "SECRET_KEY=short-one")
    monkeypatch.setenv("SECRET_KEY", STRONG)
    assert found(folder, "settings").outcome is Outcome.OK
    monkeypatch.setenv("SECRET_KEY", "")
    assert found(folder, "settings").outcome is Outcome.MISSING


def test_a_file_that_others_may_read(folder: Path) -> None:
    (folder / ".env").chmod(0o644)
    seen = found(folder, "settings")
    assert (seen.outcome, seen.mend) == (Outcome.OPTIONAL, f"chmod 600 '{folder}/.env'")


def test_the_database_of_the_settings_is_asked(folder: Path) -> None:
    assert found(folder, "database").outcome is Outcome.OK
    told_to_nobody = "correct-horse"
    env(
        folder,
        f"SECRET_KEY={STRONG}\nDATABASE_URL=postgresql+asyncpg://u:{told_to_nobody}@127.0.0.1:1/d",
    )
    health = examined(BUNDLED, folder)
    assert lacking(health) == {"serve": ["database"]}
    assert told_to_nobody not in f"{health}"
    assert STRONG not in f"{health}"


def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("")
    health = examined(BUNDLED, tmp_path)
    assert lacking(health) == {}
    names = {"backend", "locked-packages", "test-packages", "settings", "database"}
    assert {f.outcome for f in health.findings if f.name in names} == {Outcome.OPTIONAL}


@pytest.mark.parametrize("name", [".env", ".env.example", "Makefile", "requirements.lock"])
def test_folders_in_the_place_of_files(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    said = told(folder)
    assert len(said) == 6
    assert not [each for each in said if "bug" in each]


@pytest.mark.parametrize("name", [".env", ".env.example", "Makefile", "requirements.lock"])
def test_files_of_noise(folder: Path, name: str) -> None:
    (folder / name).write_bytes(bytes(range(256)) * 50)
    said = told(folder)
    assert len(said) == 6
    assert not [each for each in said if "bug" in each]


def test_a_damaged_manifest_is_a_finding(folder: Path) -> None:
    (folder / ".tospec" / "manifest.json").write_text(json.dumps({"format": 99}))
    assert "is damaged" in found(folder, "backend").said


@pytest.mark.skipif(os.geteuid() == 0, reason="NOT RUN: root may read everything")
def test_files_that_may_not_be_read(folder: Path) -> None:
    (folder / "requirements.lock").chmod(0)
    assert "Permission denied" in found(folder, "locked-packages").said
