"""A tree whose settings have no default is served with the values that its own tests set."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gate.support import write
from tospec.cli import demo_server
from tospec.gate.installation import PLACE, settings_of
from tospec.gate.serving import environment, served
from tospec.gate.tree import TreeUnderTest
from tospec.lowering.backend import backend_of
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read

LIBRARY = Path(__file__).parents[1] / "specs/library.md"
HEAD = "from typing import Final\nSETTINGS: Final[dict[str, str]] = "


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backend that does not start without API_KEY."""
    system = read(LIBRARY).system
    assert system is not None
    files = format_tree(PROFILE.render(backend_of(system, CqrsPlaces())))
    return write(tmp_path_factory.mktemp("library"), {file.path: file.text for file in files})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HEAD + '{"A": "1", "B": "x y"}\n', {"A": "1", "B": "x y"}),
        (HEAD + "{}\n", {}),
        (HEAD + '{"A": 1, "B": "2", **other}\n', {"B": "2"}),
        (HEAD + "dict(A='1')\n", {}),
        ("SETTINGS: Final = {", {}),
        ("import os\nos.abort()\n", {}),
    ],
)
def test_what_tests_set_is_read_and_not_run(
    tmp_path: Path, text: str, found: dict[str, str]
) -> None:
    assert settings_of(write(tmp_path, {PLACE: text})) == found


def test_a_tree_without_such_tests_has_none(tmp_path: Path) -> None:
    assert settings_of(tmp_path) == {}


def test_it_starts_for_the_gates(library: Path) -> None:
    seen = served(TreeUnderTest(library))

    assert (seen.fault, seen.answers["/readyz"][0]) == ("", 200)


def test_without_them_it_does_not_start(library: Path, tmp_path: Path) -> None:
    tree = format_of(library)
    root = write(tmp_path, {**dict(tree), PLACE: HEAD + "{}\n"})

    assert "API_KEY" in served(TreeUnderTest(root)).fault


def format_of(root: Path) -> Iterator[tuple[str, str]]:
    """Return the files of a folder by path."""
    for path in root.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def test_the_demo_sets_them_unless_the_shell_does(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("API_KEY", raising=False)
    assert demo_server.environment(library, 8000)["API_KEY"] == settings_of(library)["API_KEY"]

    monkeypatch.setenv("API_KEY", "of my own")
    assert demo_server.environment(library, 8000)["API_KEY"] == "of my own"
    assert "API_KEY" in environment(library, "sqlite+aiosqlite://")
