"""The tree under test: what is read of it, and what is not."""

import sys
from pathlib import Path

import pytest

from tests.gate.support import TASKHUB, write, write_built
from tospec.errors import TargetError, UsageError
from tospec.gate.modules import Kind, kind_of
from tospec.gate.tree import TreeUnderTest


def test_what_tools_leave_behind_and_what_is_installed_is_left_out(tmp_path: Path) -> None:
    kept = {"app/main.py": "x = 1\n", "README.md": "# A\n"}
    left = ("app/__pycache__/main.py", ".venv/lib/a.py", "env/b.py", ".git/c.py", "x.sqlite3")
    write(tmp_path, {**kept, **dict.fromkeys(left, "x"), "env/pyvenv.cfg": "home = /usr\n"})
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    assert TreeUnderTest(tmp_path).paths == ("README.md", "app/main.py")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"def f(:\n", "line 1"),
        (b"x = '\xff'\n", ""),
        (b"x = 1\x00\n", "null"),
        (b"# coding: nonsense\nx = 1\n", "nonsense"),
        (b"x = " + b"(" * 5000 + b")" * 5000, "parenthes"),
    ],
)
def test_a_file_that_is_not_python_is_known_as_such(
    tmp_path: Path, content: bytes, why: str
) -> None:
    write(tmp_path, {"good.py": "x = 1\n"})
    (tmp_path / "bad.py").write_bytes(content)
    tree = TreeUnderTest(tmp_path)
    assert [module.path for module in tree.modules] == ["good.py"]
    assert list(tree.broken) == ["bad.py"]
    assert why in tree.broken["bad.py"]


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="This Python reads it itself.")
@pytest.mark.parametrize(("python", "parses"), [(">=3.14", True), (">=3.13", False)])
def test_handlers_without_parentheses_parse_only_in_a_tree_for_a_newer_python(
    tmp_path: Path, python: str, parses: bool
) -> None:
    text = "try:\n    x = 1\nexcept ValueError, TypeError:\n    x = 2\n"
    project = f'[project]\nrequires-python = "{python}"\n'
    write(tmp_path, {"app.py": text, "pyproject.toml": project})
    assert (not TreeUnderTest(tmp_path).broken) is parses


def test_a_changed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 1\n", "b.py": "x = 1\n"})
    before = TreeUnderTest(tmp_path).fingerprint(["a.py"])
    write(tmp_path, {"b.py": "x = 2\n"})
    assert TreeUnderTest(tmp_path).fingerprint(["a.py"]) == before
    write(tmp_path, {"a.py": "x = 2\n"})
    assert TreeUnderTest(tmp_path).fingerprint(["a.py"]) != before
    assert TreeUnderTest(tmp_path).fingerprint(["a.py", "none.py"]) != before


def test_a_copy_is_judged_like_the_tree(tmp_path: Path) -> None:
    tree = TreeUnderTest(write_built(tmp_path / "tree", {"app/main.py": "x = 1\n"}))
    copy = tree.at(tree.copy_to(tmp_path / "copy"))
    assert copy.built
    assert copy.fingerprint(copy.paths) == tree.fingerprint(tree.paths)
    write(copy.root, {"app/main.py": "x = 2\n"})
    assert [m.text for m in tree.at(copy.root).modules] == ["x = 2\n"]
    assert [m.text for m in tree.modules] == ["x = 1\n"]


def test_only_what_tospec_built_is_built(tmp_path: Path) -> None:
    assert TreeUnderTest(TASKHUB).built
    assert not TreeUnderTest(tmp_path).built
    write(tmp_path, {".tospec/manifest.json": "{"})
    with pytest.raises(TargetError, match="damaged"):
        _ = TreeUnderTest(tmp_path).built


def test_a_folder_or_an_interpreter_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        TreeUnderTest(tmp_path / "none")
    with pytest.raises(UsageError, match="no interpreter"):
        TreeUnderTest(tmp_path, python=tmp_path / "python")


def test_the_interpreter_of_a_tree_is_its_own_or_the_running_one(tmp_path: Path) -> None:
    assert TreeUnderTest(tmp_path).python == Path(sys.executable)
    own = write(tmp_path, {".venv/bin/python": "#!/bin/sh\nexit 3\n"}) / ".venv/bin/python"
    own.chmod(0o755)
    tree = TreeUnderTest(tmp_path)
    assert tree.python == own
    assert "does not work as an interpreter" in tree.environment.fault
    running = TreeUnderTest(tmp_path, python=Path(sys.executable)).environment
    assert (running.fault, "pytest" in running.distributions) == ("", True)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("app/main.py", Kind.APPLICATION),
        ("app/test_client.py", Kind.TEST),
        ("conftest.py", Kind.TEST),
        ("tests/api/people.py", Kind.TEST),
        ("migrations/versions/0001.py", Kind.MIGRATION),
        ("scripts/load.py", Kind.SCRIPT),
        ("docs/conf.py", Kind.EXAMPLE),
        ("app/tools/contest.py", Kind.APPLICATION),
    ],
)
def test_a_file_is_of_the_kind_of_its_place(path: str, kind: Kind) -> None:
    assert kind_of(path) is kind
