"""Artifacts and profiles, with a backend of two words."""

import pytest

from tospec.output import File, PathClashError, Tree
from tospec.profiles.base import Artifact, Profile


class Word:
    def __init__(self, text: str) -> None:
        self.text = text


type Backend = tuple[Word, ...]


def words(backend: Backend) -> Backend:
    return backend


def render(word: Word, path: str) -> str:
    return f"{path}: {word.text}\n"


def origins(word: Word) -> tuple[str, ...]:
    return (f"word:{word.text}",)


MODULES: Artifact[Backend, Word] = Artifact(words, "app/{it.text}.txt", render, origins)


def profile(*artifacts: Artifact[Backend, Word], scaffold: Tree) -> Profile[Backend]:
    return Profile(name="test", artifacts=artifacts, scaffold=lambda _: scaffold)


def test_there_is_a_file_for_each_subject_that_knows_where_it_comes_from() -> None:
    files = list(MODULES.files((Word("b"), Word("a"))))
    assert [(file.path, file.text, file.origins) for file in files] == [
        ("app/b.txt", "app/b.txt: b\n", ("word:b",)),
        ("app/a.txt", "app/a.txt: a\n", ("word:a",)),
    ]


def test_a_profile_makes_its_scaffold_and_its_artifacts() -> None:
    rest = Tree([File("README", "")])
    tree = profile(MODULES, scaffold=rest).render((Word("a"),))
    assert [file.path for file in tree] == ["README", "app/a.txt"]


@pytest.mark.parametrize("clashing", ["scaffold", "artifact"])
def test_two_files_cannot_have_one_path(clashing: str) -> None:
    again = (MODULES,) if clashing == "artifact" else ()
    rest = Tree([File("app/a.txt", "")] if clashing == "scaffold" else [])
    with pytest.raises(PathClashError):
        profile(MODULES, *again, scaffold=rest).render((Word("a"),))
    assert len(profile(MODULES, scaffold=Tree([])).render((Word("a"), Word("b")))) == 2
