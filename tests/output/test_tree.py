"""Files and trees in memory, their paths, their formatting and their manifest."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tospec.errors import EnvironmentFaultError
from tospec.output import (
    File,
    PathClashError,
    Tree,
    UnsafePathError,
    format_tree,
    formatting,
    manifest_of,
    scaffold,
)
from tospec.python import BrokenModuleError

_UGLY = "def  f( a,b ):\n  return {'x':a , }\n"


@pytest.mark.parametrize(
    "path",
    ["a.py", "app/models/task.py", ".github/workflows/ci.yml", ".env.example", "a-b_c.d/e"],
)
def test_ordinary_paths_are_accepted(path: str) -> None:
    assert File(path, "").path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/x",
        "../x",
        "a/../../x",
        "a/./b",
        "a//b",
        "a/",
        ".",
        "..",
        "C:\\x",
        "a\\b",
        "a:b",
        "con",
        "app/NUL.py",
        "com1.txt",
        "a.",
        "a ",
        "a b",
        "é",
        "a\x00b",
        "a\nb",
        "~/x",
        "x" * 101,
        "a/" * 130 + "b",
        ".git/hooks/post-checkout",
        "sub/.GIT/config",
        ".tospec/manifest.json",
        "-\u202e",
    ],
)
def test_unsafe_paths_are_refused(path: str) -> None:
    with pytest.raises(UnsafePathError):
        File(path, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [("a.py", "a.py"), ("a.py", "A.py"), ("a", "a/b"), ("a/b", "A/c"), ("x/y/z", "x/Y")],
)
def test_two_files_that_want_one_place_are_refused(one: str, other: str) -> None:
    assert len(Tree([File("b/a.py", ""), File("b/b.py", ""), File("b.py", "")])) == 3
    for pair in ((one, other), (other, one)):
        with pytest.raises(PathClashError):
            Tree(File(path, "") for path in pair)


def test_a_tree_is_ordered_and_merges() -> None:
    tree = Tree([File("b", "2"), File("a", "1", ("Z", "A", "Z"))]).merged([File("c", "3")])
    assert [file.path for file in tree] == ["a", "b", "c"]
    assert tree["a"].origins == ("A", "Z")
    assert "b" in tree
    assert "d" not in tree
    with pytest.raises(PathClashError, match="'a' is generated twice"):
        tree.merged([File("a", "")])


def test_text_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        File("a", "\ud800")


def test_all_python_files_are_formatted_by_the_configuration_of_the_tree() -> None:
    files = [File("a.py", _UGLY, ("A",)), File("b/c.py", "x=1"), File("d.txt", "x  =  1")]
    plain = format_tree(Tree(files))
    assert plain["a.py"] == File(
        "a.py", 'def f(a, b):\n    return {\n        "x": a,\n    }\n', ("A",)
    )
    assert plain["b/c.py"].text == "x = 1\n"
    assert plain["d.txt"].text == "x  =  1"
    single = "[tool.ruff.format]\nquote-style = 'single'\nskip-magic-trailing-comma = true\n"
    tuned = format_tree(Tree([*files, File("pyproject.toml", single)]))
    assert tuned["a.py"].text == "def f(a, b):\n    return {'x': a}\n"
    other = format_tree(Tree([*files, File("pyproject.toml", "[project]\nname = 'x'\n")]))
    assert other["a.py"] == plain["a.py"]


def test_configuration_of_the_machine_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ruff.toml").write_text("format.quote-style = 'single'\n")
    (tmp_path / ".gitignore").write_text("*\n")
    monkeypatch.setenv("RUFF_CONFIG", str(tmp_path / "ruff.toml"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    assert format_tree(Tree([File("a.py", "x='1'")]))["a.py"].text == 'x = "1"\n'


def test_a_file_that_is_no_python_is_named() -> None:
    with pytest.raises(BrokenModuleError, match=r"app/b\.py:1:5"):
        format_tree(Tree([File("app/a.py", "x = 1"), File("app/b.py", "x = = 1")]))


def test_without_the_formatter_nothing_is_given_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(EnvironmentFaultError, match="ruff is missing"):
        format_tree(Tree([File("a.py", "x = 1")]))


def test_without_a_place_for_temporary_files_the_formatter_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    monkeypatch.setattr(formatting, "_MEMORY", tmp_path / "gone")
    with pytest.raises(EnvironmentFaultError, match="could not be formatted"):
        format_tree(Tree([File("a.py", "x = 1")]))


@pytest.mark.parametrize("blocks", [0, 1 << 40])
def test_where_files_are_formatted_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: int
) -> None:
    """In memory if there is room, else where temporary files usually are."""
    memory, usual = tmp_path / "memory", tmp_path / "usual"
    memory.mkdir()
    usual.mkdir()
    used: list[Path] = []
    run = formatting._run

    def noticed(root: Path, options: tuple[str, ...]) -> None:
        used.append(root.parent)
        run(root, options)

    monkeypatch.setattr("tempfile.tempdir", str(usual))
    monkeypatch.setattr(formatting, "_MEMORY", memory)
    monkeypatch.setattr("os.statvfs", lambda _: SimpleNamespace(f_bavail=blocks, f_frsize=1))
    monkeypatch.setattr(formatting, "_run", noticed)
    assert format_tree(Tree([File("a.py", "x='1'")]))["a.py"].text == 'x = "1"\n'
    assert used == [memory if blocks else usual]
    assert not any((*memory.iterdir(), *usual.iterdir()))


def test_a_manifest_names_files_hashes_and_origins() -> None:
    tree = Tree([File("b", "2\n", ("R-2", "R-1")), File("a", "")])
    assert json.loads(manifest_of(tree, tool_version="1.2").render()) == {
        "format": 1,
        "tool": {"name": "tospec", "version": "1.2"},
        "files": [
            {
                "path": "a",
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "origins": [],
            },
            {
                "path": "b",
                "sha256": "53c234e5e8472b6ac51c1ae1cab3fe06fad053beb8ebfd8977b010655bfdd3c3",
                "origins": ["R-1", "R-2"],
            },
        ],
    }


def test_a_scaffold_is_copied_as_it_is(tmp_path: Path) -> None:
    package = tmp_path / "scaffold_under_test"
    (package / "scaffold/app/__pycache__").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "scaffold/app/a.py").write_bytes(b"x='1'\r\n")
    (package / "scaffold/.env.example").write_text("A=1\n")
    (package / "scaffold/app/__pycache__/a.cpython-313.pyc").write_bytes(b"\xff")
    program = (
        "from tospec.output import scaffold\n"
        f"t = scaffold({package.name!r})\n"
        "print([(f.path, f.text) for f in t])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2] / 'src'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [(".env.example", "A=1\n"), ("app/a.py", "x='1'\r\n")]
    assert done.stdout.strip() == repr(expected)
    with pytest.raises(FileNotFoundError, match="has no folder 'gone'"):
        scaffold("tospec.output", "gone")
