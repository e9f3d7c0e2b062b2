"""The page's description of specs that hold everything: what it names, the API offers."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tospec.lowering.backend import backend_of
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.source import SourceText
from tospec.syntax import read_texts

SPECS: Final = Path(__file__).parents[1] / "specs"
PAGE: Final = "# Page\n\n```yaml tospec\nadmin: page\nenabled: {}\n```\n"
LONGEST: Final = 600


def build(name: str, target: Path, *, enabled: str = "true") -> None:
    """Build a spec with the page into a folder."""
    text = (SPECS / name).read_text(encoding="utf-8")
    sources = (SourceText(name, text), SourceText("page.md", PAGE.format(enabled)))
    system = read_texts(sources).system
    assert system is not None
    for file in format_tree(PROFILE.render(backend_of(system, CqrsPlaces()))):
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.name for path in SPECS.glob("*.md")))
def test_the_description_agrees_with_the_api(name: str, tmp_path: Path) -> None:
    build(name, tmp_path)

    run(tmp_path, "pytest", "-p", "no:cacheprovider", "tests/admin", "tests/architecture")


def test_a_service_that_serves_no_page_by_itself_says_so(tmp_path: Path) -> None:
    build("files.md", tmp_path, enabled="false")

    settings = (tmp_path / "app/core/settings.py").read_text(encoding="utf-8")
    assert "admin_enabled: bool = Field(\n        default=False" in settings


def test_a_service_without_a_page_holds_nothing_of_it() -> None:
    system = read_texts(
        (SourceText("files.md", (SPECS / "files.md").read_text(encoding="utf-8")),)
    ).system
    assert system is not None
    tree = PROFILE.render(backend_of(system, CqrsPlaces()))

    assert [file.path for file in tree if "admin" in file.path] == []
    assert [file.path for file in tree if "admin_" in file.text or "/admin" in file.text] == []
