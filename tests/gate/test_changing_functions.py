"""Faults are put into functions as they were imported, and only where nothing else changes."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tospec.gate.inside import tospec_mutants

SOURCE = """\
LIMIT = 3


def plain(number):
    return number < LIMIT


def generic[T](value: T) -> T:
    return value


class Kept:
    size = LIMIT

    @staticmethod
    def fits(number):
        def within(limit):
            return number < limit

        return within(LIMIT)
"""


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "in_place.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield __import__("in_place")
    del sys.modules["in_place"]


def put(module: ModuleType, old: str, new: str) -> bool:
    """Change what can be changed in place; return whether that was all."""
    assert SOURCE.count(old) == 1
    changes = tospec_mutants._changes(Path(module.__file__ or ""), SOURCE.replace(old, new))
    for function, code in changes:
        function.__code__ = code
    return bool(changes)


def test_functions_are_changed_where_they_are(imported: ModuleType) -> None:
    plain, fits = imported.plain, imported.Kept.fits
    assert (plain(5), imported.generic(5), fits(5)) == (False, 5, False)

    assert put(imported, "return number < LIMIT", "return True")
    assert put(imported, "return value", "return None")
    assert put(imported, "return number < limit", "return True")

    assert (plain(5), imported.generic(5), fits(5)) == (True, None, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 3", "LIMIT = 30"),
        ("size = LIMIT", "size = 30"),
        ("def plain(number):", "def plain(number, more=1):"),
        ("    @staticmethod\n", ""),
    ],
)
def test_what_only_a_new_import_shows_is_left(imported: ModuleType, old: str, new: str) -> None:
    assert not put(imported, old, new)
    assert (imported.plain(5), imported.Kept.size, imported.Kept.fits(5)) == (False, 3, False)


def test_a_function_that_is_gone_is_left(imported: ModuleType) -> None:
    del imported.plain
    assert not put(imported, "return number < LIMIT", "return True")
