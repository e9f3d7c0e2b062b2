"""One run of the formatter over a whole tree."""

import os
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from tospec.errors import EnvironmentFaultError
from tospec.output.tree import File, Tree
from tospec.python import require_python

_SECONDS: Final = 120
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - folders in it are made private
_BLOCK: Final = 4096
_ROOM: Final = 4
"""How often files have to fit: as they are, formatted, and twice to be no burden for others."""

_DEFAULTS: Final = ("--isolated", "--line-length", "100", "--target-version", "py313")


class FormattingError(Exception):
    """The formatter refused generated files that are Python."""


def format_tree(tree: Tree) -> Tree:
    """Return a tree with all Python files formatted by its own configuration.

    The configuration is `[tool.ruff]` of the tree's `pyproject.toml`, else lines of 100
    characters; nothing of this machine or its user counts.

    Raises:
        EnvironmentFaultError: If the formatter is missing or cannot work. No tree is left
            unformatted.
        BrokenModuleError: If a file is no Python.
        FormattingError: If the formatter refused for another reason.
    """
    sources = [file for file in tree if file.path.endswith(".py")]
    if not sources:
        return tree
    try:
        with tempfile.TemporaryDirectory(prefix="tospec-", dir=_memory_for(sources)) as folder:
            return _formatted_in(Path(folder).resolve(), sources, tree)
    except (OSError, subprocess.TimeoutExpired) as fault:
        message = f"The generated files could not be formatted: {fault}."
        raise EnvironmentFaultError(message, "Look after the temporary folder.") from fault


def _memory_for(sources: list[File]) -> Path | None:
    """Return a folder that is held in memory and has room for files, None for the usual one.

    On disk, thousands of files that come and go slow down those that are written next.
    """
    needed = _ROOM * sum(_BLOCK + len(file.text) for file in sources)
    try:
        found = os.statvfs(_MEMORY)
    except OSError:
        return None
    has_room = found.f_bavail * found.f_frsize > needed
    return _MEMORY if has_room and os.access(_MEMORY, os.W_OK | os.X_OK) else None


def _formatted_in(root: Path, sources: list[File], tree: Tree) -> Tree:
    """Format all sources side by side in one folder, under numbers for names.

    Making and removing the folders of a tree would take longer than its files.
    """
    numbered = {file.path: f"{number}.py" for number, file in enumerate(sources)}
    for file in sources:
        (root / numbered[file.path]).write_bytes(file.text.encode())
    try:
        _run(root, _options(root, tree))
    except FormattingError:
        for file in sources:
            require_python(file.text, file.path)
        raise
    return Tree(_formatted(root, file, numbered.get(file.path)) for file in tree)


def _formatted(root: Path, file: File, name: str | None) -> File:
    if name is None:
        return file
    return File(file.path, (root / name).read_bytes().decode(), file.origins)


def _options(root: Path, tree: Tree) -> tuple[str, ...]:
    if "pyproject.toml" not in tree:
        return _DEFAULTS
    project = tree["pyproject.toml"]
    if "ruff" not in tomllib.loads(project.text).get("tool", {}):
        return _DEFAULTS
    (root / "pyproject.toml").write_bytes(project.text.encode())
    return ("--config", str(root / "pyproject.toml"))


def _run(root: Path, options: tuple[str, ...]) -> None:
    command = (str(formatter()), "format", "--no-cache", "--no-respect-gitignore")
    done = subprocess.run(  # noqa: S603 - our own program on our own files
        (*command, *options, "."),
        cwd=root,
        env={"PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace").replace(f"{root}/", "")
        raise FormattingError(said.strip())


def formatter() -> Path:
    """Return the formatter that was installed with tospec.

    Raises:
        EnvironmentFaultError: If there is none.
    """
    for folder in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent)):
        program = Path(folder) / "ruff"
        if program.is_file():
            return program
    message = "The formatter ruff is missing from the environment of tospec."
    raise EnvironmentFaultError(message, "Install tospec again, with its dependencies.")
