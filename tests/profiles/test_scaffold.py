"""The example's backend is what the profile makes: templates and scaffold, byte for byte."""

from pathlib import Path

import pytest

from tests.profiles.scaffolding import BACKEND, built, scaffold_of, stored_scaffold
from tospec.output import Tree


@pytest.fixture(scope="module")
def made() -> Tree:
    return built()


def test_templates_make_the_hand_written_files(made: Tree) -> None:
    different = [
        file.path
        for file in made
        if not (BACKEND / file.path).is_file()
        or (BACKEND / file.path).read_text(encoding="utf-8") != file.text
    ]

    assert len(made) > 80
    assert different == []


def test_the_scaffold_is_the_rest_of_the_backend(made: Tree) -> None:
    """If this fails, run `python -m tests.profiles.scaffolding`."""
    wanted, stored = scaffold_of(made), stored_scaffold()

    assert wanted.keys() == stored.keys()
    assert [name for name in wanted if wanted[name] != stored[name]] == []


def test_the_scaffold_names_nothing_of_the_example() -> None:
    names = ("taskhub", "TaskHub", "app.models.task", "app.models.project", "REQ-0")
    found = [
        (path, name)
        for path, text in stored_scaffold().items()
        for name in names
        if Path(path).parts[0] == "app" and name.encode() in text
    ]

    assert found == []
