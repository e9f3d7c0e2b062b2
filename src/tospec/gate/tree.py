"""The tree under test: its files, read and parsed once; its interpreter; what tospec wrote."""

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Final

from tospec.errors import UsageError
from tospec.gate.interpreter import Environment, environment_of, interpreter_of
from tospec.gate.modules import Kind, Module, parsed
from tospec.output import Manifest, read_manifest

MAX_FILES: Final = 50_000
MAX_PYTHON_FILE: Final = 4 * 1024 * 1024
# Folders that no gate judges: what tools leave behind, and what is installed.
LEFT_OUT: Final = frozenset(
    {
        ".git", ".hg", ".hypothesis", ".idea", ".import_linter_cache", ".mypy_cache", ".nox",
        ".pytest_cache", ".ruff_cache", ".tospec", ".tox", ".venv", ".vscode", "__pycache__",
        "node_modules", "site-packages", "venv",
    }
)  # fmt: skip
_PYTHON: Final = re.compile(
    r"""^\s*(?:requires-python|python)\s*=\s*["'](?:>=|==|~=|\^|~)\s*3\.(\d+)""", re.MULTILINE
)
_LEFT_OUT_FILES: Final = (".pyc", ".sqlite3", ".sqlite3-journal", ".sqlite3-shm", ".sqlite3-wal")


class TreeUnderTest:
    """A project's folder, as all gates see it. Nothing in it is ever changed.

    What is asked for is read once and remembered, so one instance stands for one moment.

    Attributes:
        root: The absolute path of the folder.
        python: The interpreter that runs the tree's tools and code.
        database_url: The PostgreSQL database that executed gates may use; None for SQLite only.
        cache: Where tools may keep what makes their next run fast; None for nowhere.
    """

    def __init__(
        self,
        root: Path,
        *,
        python: Path | None = None,
        database_url: str | None = None,
        cache: Path | None = None,
    ) -> None:
        """Look at a folder.

        Raises:
            UsageError: If there is no such folder, or no such interpreter.
        """
        if not root.is_dir():
            message = f"There is no folder {root}."
            raise UsageError(message, "Name the folder of a backend.")
        self.root = root.resolve()
        self.python = interpreter_of(self.root, python)
        self.database_url = database_url
        self.cache = cache
        self._digests: dict[str, str] = {}
        self._known: dict[tuple[str, str], Module | str] = {}
        self._parsing = RLock()

    @cached_property
    def manifest(self) -> Manifest | None:
        """What tospec wrote here; None if it wrote nothing.

        Raises:
            TargetError: If the manifest is damaged.
        """
        return read_manifest(self.root)

    @property
    def built(self) -> bool:
        """Whether tospec built the tree."""
        return self.manifest is not None

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of all files, in order; without what tools leave behind.

        Raises:
            UsageError: If there are too many for this to be a project.
        """
        found: list[str] = []
        for path in _files(self.root):
            found.append(path)
            if len(found) > MAX_FILES:
                message = f"{self.root} has more than {MAX_FILES:,} files."
                raise UsageError(message, "Name the folder of one backend.")
        return tuple(sorted(found))

    @cached_property
    def python_paths(self) -> tuple[str, ...]:
        """The paths of all Python files, in order."""
        return tuple(path for path in self.paths if path.endswith(".py"))

    @property
    def modules(self) -> tuple[Module, ...]:
        """Every Python file that parses, in order of path."""
        return self._parsed[0]

    @property
    def broken(self) -> Mapping[str, str]:
        """Why each of the other Python files does not parse, by path."""
        return self._parsed[1]

    @cached_property
    def environment(self) -> Environment:
        """What the interpreter has installed."""
        return environment_of(self.python, self.root)

    def at(self, root: Path) -> "TreeUnderTest":
        """Return another folder to be judged in the same way, such as a copy.

        What is known of the interpreter, and of files that are the same in both, is shared.
        """
        other = TreeUnderTest(
            root, python=self.python, database_url=self.database_url, cache=self.cache
        )
        other.environment = self.environment
        other._known = self._known
        return other

    def of_kind(self, *kinds: Kind) -> tuple[Module, ...]:
        """Return the modules of some kinds, in order of path."""
        return tuple(module for module in self.modules if module.kind in kinds)

    def module(self, path: str) -> Module | None:
        """Return the module with a path, or None."""
        return self._by_path.get(path)

    def read(self, path: str) -> str | None:
        """Return the text of a file, with what is not UTF-8 replaced; None if there is none."""
        content = self.content(path)
        return None if content is None else content.decode("utf-8", "replace")

    def content(self, path: str) -> bytes | None:
        """Return the content of a plain file; None if there is none."""
        place = self.root / path
        try:
            return place.read_bytes() if place.is_file() else None
        except OSError:
            return None

    def digest(self, path: str) -> str:
        """Return the SHA-256 of a file in hexadecimal digits; empty if it cannot be read."""
        if path not in self._digests:
            content = self.content(path)
            self._digests[path] = "" if content is None else hashlib.sha256(content).hexdigest()
        return self._digests[path]

    def fingerprint(self, paths: Iterable[str]) -> str:
        """Return one hash of the contents of some files and of their paths."""
        total = hashlib.sha256()
        for path in sorted(set(paths)):
            total.update(f"{path}\0{self.digest(path)}\0".encode("utf-8", "surrogateescape"))
        return total.hexdigest()

    def copy_to(self, target: Path) -> Path:
        """Copy the files into a new folder, with the manifest, and return it.

        Links are left out, as in `paths`; modes are kept.
        """
        target.mkdir(parents=True)
        own = (".tospec/manifest.json",) if self.built else ()
        for path in (*self.paths, *own):
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes((self.root / path).read_bytes())
            place.chmod((self.root / path).stat().st_mode & 0o777)
        return target

    @cached_property
    def _by_path(self) -> Mapping[str, Module]:
        return {module.path: module for module in self.modules}

    @property
    def _parsed(self) -> tuple[tuple[Module, ...], Mapping[str, str]]:
        # Gates run side by side; the first that needs the modules parses them for all.
        with self._parsing:
            return self._parsed_once

    @cached_property
    def _parsed_once(self) -> tuple[tuple[Module, ...], Mapping[str, str]]:
        modules: list[Module] = []
        broken: dict[str, str] = {}
        for path in self.python_paths:
            key = path, self.digest(path)
            module = self._known.get(key) or self._parse(path)
            self._known[key] = module
            if isinstance(module, Module):
                modules.append(module)
            else:
                broken[path] = module
        return tuple(modules), MappingProxyType(broken)

    def _parse(self, path: str) -> Module | str:
        content = self.content(path)
        if content is None:
            return "it cannot be read"
        if len(content) > MAX_PYTHON_FILE:
            return f"it is larger than {MAX_PYTHON_FILE // 1024 // 1024} MiB"
        return parsed(path, content, newer=self._is_for_newer_python)

    @cached_property
    def _is_for_newer_python(self) -> bool:
        """Whether the tree demands a newer Python than the one that reads it here."""
        wanted = _PYTHON.search(self.read("pyproject.toml") or "")
        return wanted is not None and int(wanted.group(1)) > sys.version_info.minor


def _files(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        place = Path(folder)
        folders[:] = [name for name in folders if not _is_left_out(place / name)]
        for name in names:
            if not (name.endswith(_LEFT_OUT_FILES) or (place / name).is_symlink()):
                yield (place / name).relative_to(root).as_posix()


def _is_left_out(folder: Path) -> bool:
    return (
        folder.name in LEFT_OUT
        or folder.name.endswith(".egg-info")
        or folder.is_symlink()
        or (folder / "pyvenv.cfg").exists()
    )
