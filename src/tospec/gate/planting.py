"""Planting violations in a copy of a tree."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tospec.gate.base import Canary
from tospec.gate.modules import Kind, kind_of
from tospec.gate.tree import TreeUnderTest

_NAME: Final = "planted_by_canary.py"


def code(name: str, text: str) -> Canary:
    """Return a canary that adds a module with a text to the application."""

    def plant(root: Path) -> None:
        (application_folder(root) / _NAME).write_text(text, encoding="utf-8")

    return Canary(name=name, plant=plant)


def code_at(name: str, path: str, text: str) -> Canary:
    """Return a canary that adds a file.

    Planting it raises `LookupError` in a tree without the file's folder.
    """

    def plant(root: Path) -> None:
        place = root / path
        if not place.parent.is_dir():
            message = f"there is no folder {place.parent.relative_to(root)}"
            raise LookupError(message)
        place.write_text(text, encoding="utf-8")

    return Canary(name=name, plant=plant)


def edit(name: str, path: str, change: Callable[[str], str]) -> Canary:
    """Return a canary that changes a file.

    Planting it raises `LookupError` in a tree without that file, and `ValueError` where the change
    changes nothing.
    """

    def plant(root: Path) -> None:
        place = root / path
        if not place.is_file():
            message = f"there is no {path}"
            raise LookupError(message)
        text = place.read_text(encoding="utf-8")
        changed = change(text)
        if changed == text:
            message = f"{path} has not what was to be changed"
            raise ValueError(message)
        place.write_text(changed, encoding="utf-8")

    return Canary(name=name, plant=plant)


def edit_any(name: str, paths: tuple[str, ...], change: Callable[[str], str]) -> Canary:
    """Return a canary that changes the first of several files that is there."""

    def plant(root: Path) -> None:
        found = next((path for path in paths if (root / path).is_file()), paths[0])
        edit(name, found, change).plant(root)

    return Canary(name=name, plant=plant)


def removed(name: str, path: str) -> Canary:
    """Return a canary that removes a file."""

    def plant(root: Path) -> None:
        try:
            (root / path).unlink()
        except FileNotFoundError as fault:
            message = f"there is no {path}"
            raise LookupError(message) from fault

    return Canary(name=name, plant=plant)


def edit_tests(name: str, text: str) -> Canary:
    """Return a canary that appends to the first file of tests."""

    def plant(root: Path) -> None:
        place = root / _first_tests(root)
        place.write_text(place.read_text(encoding="utf-8") + text, encoding="utf-8")

    return Canary(name=name, plant=plant)


def removed_test(name: str) -> Canary:
    """Return a canary that removes the first file of tests."""

    def plant(root: Path) -> None:
        (root / _first_tests(root)).unlink()

    return Canary(name=name, plant=plant)


def edit_last_migration(name: str, change: Callable[[str], str]) -> Canary:
    """Return a canary that changes the file of the last migration."""

    def plant(root: Path) -> None:
        paths = sorted((root / "migrations" / "versions").glob("*.py"))
        last = paths[-1].relative_to(root).as_posix() if paths else "migrations/versions/*.py"
        edit(name, last, change).plant(root)

    return Canary(name=name, plant=plant)


def _first_tests(root: Path) -> str:
    """Return the first file of tests that uses pytest.

    Raises:
        LookupError: If there is none.
    """
    tree = TreeUnderTest(root)
    for path in tree.python_paths:
        is_test = kind_of(path) is Kind.TEST and path.rpartition("/")[2].startswith("test_")
        if is_test and "import pytest\n" in (tree.read(path) or ""):
            return path
    message = "there is no file of tests"
    raise LookupError(message)


def application_folder(root: Path) -> Path:
    """Return the folder that holds the most files of the application directly.

    Raises:
        LookupError: If there is no such file.
    """
    paths = [p for p in TreeUnderTest(root).python_paths if kind_of(p) is Kind.APPLICATION]
    if not paths:
        message = "there is no Python file of an application"
        raise LookupError(message)
    counted = Counter(Path(path).parent for path in paths)
    return root / max(sorted(counted), key=lambda folder: counted[folder])
