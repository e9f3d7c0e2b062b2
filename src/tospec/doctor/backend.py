"""What a backend's own folder lacks: an interpreter, packages, settings, a database."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from tospec.doctor.base import Probe, Seen, fine, missing, optional
from tospec.doctor.database import reached
from tospec.doctor.packages import Interpreter, compared, shell
from tospec.errors import UsageError
from tospec.gate.interpreter import interpreter_of
from tospec.output import read_manifest

MIN_SECRET_BYTES: Final = 32
_MIN_DISTINCT: Final = 8
_LARGEST: Final = 1024 * 1024
_OTHERS: Final = 0o077
_RANDOM: Final = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


class BackendFolder:
    """A folder with a backend; nothing in it is changed, and none of its code is run.

    Attributes:
        root: Its absolute path.
        python: Its interpreter: that of its own `.venv`, else the running one.
    """

    def __init__(self, root: Path, running: Interpreter) -> None:
        """Look at a folder.

        Args:
            root: The folder.
            running: The running interpreter.

        Raises:
            UsageError: If there is none.
        """
        if not root.is_dir():
            message = f"There is no folder {root}."
            raise UsageError(message, "Name the folder of a backend.")
        self.root = root.absolute()
        self.python = interpreter_of(self.root, None)
        is_running = self.python == running.python
        self._interpreter = running if is_running else Interpreter(self.python, self.root)

    def probes(self) -> tuple[Probe, ...]:
        """Return what to look at."""
        return (
            Probe("backend", self._origin),
            Probe("interpreter", self._environment),
            Probe("locked-packages", self._packages),
            Probe("test-packages", self._tools),
            Probe("settings", self._settings),
            Probe("database", self._database),
        )

    def _origin(self) -> Seen:
        if read_manifest(self.root) is None:
            return optional(f"tospec did not build {self.root}; less of it can be judged.")
        return fine(f"{self.root}, built by tospec")

    def _environment(self) -> Seen:
        own = self.root / ".venv"
        if own.is_dir() and not self.python.is_relative_to(own):
            again = f"{shell('rm', '-r', own)} && {self._install}" if self._install else ""
            return missing(f"{own} has no interpreter any more.", again or f"Make {own} anew.")
        has = self._interpreter.has
        if has.fault:
            said = f"{self.python} does not work as an interpreter: {has.fault}"
            return missing(said, self._install or f"Make {own} anew.")
        if not own.is_dir():
            return optional(f"There is no {own}; {self.python} serves in its place.", self._install)
        return fine(f"Python {has.version}, {self.python}")

    def _packages(self) -> Seen:
        files = self._files("requirements.lock", "requirements.txt")
        if not files:
            return optional("There is no requirements.lock or requirements.txt to compare with.")
        return compared(files[:1], self._interpreter.has, self._install)

    def _tools(self) -> Seen:
        files = self._files("requirements-dev.txt")
        if not files:
            return optional("There is no requirements-dev.txt to compare with.")
        return compared(files, self._interpreter.has, self._install)

    def _settings(self) -> Seen:
        if "SECRET_KEY" not in self._documented:
            return optional("No .env.example asks for SECRET_KEY; settings were not judged.")
        key = self._given.get("SECRET_KEY", "")
        if not _is_strong(key):
            said = "SECRET_KEY is not set" if not key else "SECRET_KEY is too weak"
            return missing(f"{said}, neither in the environment nor in .env.", self._new_secret)
        return self._private("SECRET_KEY is set")

    def _private(self, said: str) -> Seen:
        file = self.root / ".env"
        if file.is_file() and file.stat().st_mode & _OTHERS:
            return optional(f"{said}; others may read .env.", shell("chmod", "600", file))
        return fine(said)

    def _database(self) -> Seen:
        url = self._given.get("DATABASE_URL", "")
        if url:
            return reached(url, self.root, self.python, "DATABASE_URL")
        if "DATABASE_URL" not in self._documented:
            return optional("No DATABASE_URL is set; no database was asked.")
        if not os.access(self.root, os.W_OK | os.X_OK):
            said = f"{self.root} cannot be written to, and DATABASE_URL is not set."
            return missing(said, "Set DATABASE_URL, or make the folder writable.")
        return fine("DATABASE_URL is not set: SQLite in the backend's folder")

    @property
    def _new_secret(self) -> str:
        if "make" in self._install and not (self.root / ".env").exists():
            return shell("make", "-C", self.root, "env")
        # The file may lack its last line end; and nobody else may read it, if it is new.
        file = shlex.quote(str(self.root / ".env"))
        return f"""(umask 077; printf '\\nSECRET_KEY=%s\\n' "$({_RANDOM})" >> {file})"""

    @property
    def _install(self) -> str:
        """The command by which a built backend makes its own environment; or empty."""
        lines = _text(self.root / "Makefile").splitlines()
        has_target = any(line.startswith("install:") for line in lines)
        return shell("make", "-C", self.root, "install") if has_target else ""

    @cached_property
    def _documented(self) -> Mapping[str, str]:
        text = _text(self.root / ".env.example")
        return _variables("\n".join(line.removeprefix("# ") for line in text.splitlines()))

    @cached_property
    def _given(self) -> Mapping[str, str]:
        """The settings, as the backend reads them: the environment before the file."""
        ambient = {name.upper(): value for name, value in os.environ.items() if value}
        return {**_variables(_text(self.root / ".env")), **ambient}

    def _files(self, *names: str) -> list[Path]:
        return [self.root / name for name in names if (self.root / name).is_file()]


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    value: str


def _variables(text: str) -> dict[str, str]:
    lines = (_line(line) for line in text.splitlines())
    return {line.name: line.value for line in lines if line is not None}


def _line(text: str) -> _Line | None:
    name, equals, value = text.strip().removeprefix("export ").partition("=")
    if not equals or not name.strip().isidentifier():
        return None
    value = value.strip()
    if value[:1] in {"'", '"'} and value.find(value[0], 1) > 0:
        return _Line(name.strip().upper(), value[1 : value.find(value[0], 1)])
    return _Line(name.strip().upper(), value.partition(" #")[0].strip())


def _text(file: Path) -> str:
    """Return the start of a file; nothing if there is none."""
    if not file.is_file():
        return ""
    with file.open(encoding="utf-8", errors="replace") as stream:
        return stream.read(_LARGEST)


def _is_strong(secret: str) -> bool:
    raw = secret.encode("utf-8", "surrogateescape")
    return len(raw) >= MIN_SECRET_BYTES and len(set(raw)) >= _MIN_DISTINCT
