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
        with tempfile.TemporaryDirectory(prefix="tospec-") as folder:
            return _formatted_in(Path(folder).resolve(), sources, tree)
    except (OSError, subprocess.TimeoutExpired) as fault:
        message = f"The generated files could not be formatted: {fault}."
        raise EnvironmentFaultError(message, "Look after the temporary folder.") from fault


def _formatted_in(root: Path, sources: list[File], tree: Tree) -> Tree:
    for file in sources:
        _put(root, file)
    try:
        _run(root, _options(root, tree))
    except FormattingError:
        for file in sources:
            require_python(file.text, file.path)
        raise
    return Tree(_formatted(root, file) for file in tree)


def _put(root: Path, file: File) -> None:
    place = root / file.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(file.text.encode())


def _formatted(root: Path, file: File) -> File:
    if not file.path.endswith(".py"):
        return file
    return File(file.path, (root / file.path).read_bytes().decode(), file.origins)


def _options(root: Path, tree: Tree) -> tuple[str, ...]:
    if "pyproject.toml" not in tree:
        return _DEFAULTS
    project = tree["pyproject.toml"]
    if "ruff" not in tomllib.loads(project.text).get("tool", {}):
        return _DEFAULTS
    _put(root, project)
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
