"""The rooms, their import directions, and the promises of the project's files."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest

from tospec import __version__
from tospec.cli.app import app

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "src" / "tospec"
CONTRACT: Final = ROOT / ".importlinter"
# What is copied or printed into outputs is judged by the output's own rules.
FOREIGN: Final = frozenset({"scaffold", "templates", "examples", "__pycache__"})
LONGEST_FILE: Final = 500
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _modules() -> list[Path]:
    every = (path.relative_to(SOURCE) for path in SOURCE.rglob("*.py"))
    return sorted(SOURCE / path for path in every if not FOREIGN & set(path.parts))


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(config_filename=sys.argv[2], no_cache=True))"
    )
    command = [sys.executable, "-c", program, str(root / "src"), str(root / ".importlinter")]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def _copy(tmp_path: Path) -> Path:
    shutil.copytree(SOURCE, tmp_path / "src" / "tospec")
    shutil.copy(CONTRACT, tmp_path)
    return tmp_path


def test_rooms_import_downwards_only() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("source/text.py", "from tospec.model import System"),
        ("checks/base.py", "import tospec.syntax.reading"),
        ("checks/base.py", "import yaml"),
        ("python/code.py", "from tospec.diagnostics import Diagnostic"),
        ("report/diagnostics.py", "import typer"),
        ("output/tree.py", "import tospec.pipeline"),
    ],
)
def test_an_upward_import_breaks_the_contract(tmp_path: Path, module: str, statement: str) -> None:
    root = _copy(tmp_path)
    broken = root / "src" / "tospec" / module
    broken.write_text(f"{broken.read_text(encoding='utf-8')}\n{statement}\n", encoding="utf-8")
    done = _lint(root)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_a_new_room_must_be_placed(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    (root / "src/tospec/attic").mkdir()
    (root / "src/tospec/attic/__init__.py").write_text("")
    done = _lint(root)
    assert done.returncode == 1
    assert "attic" in done.stdout


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in _modules()}
    assert len(folders) > 10
    bare = [str(f.relative_to(SOURCE)) for f in folders if not (f / "__init__.py").exists()]
    assert sorted(bare) == []


def test_modules_are_short_and_say_what_they_are_for() -> None:
    for path in _modules():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST_FILE, path
        assert ast.get_docstring(ast.parse(text)), path


def test_nothing_is_left_to_do() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert words.search("# TODO: later")
    # The gate that looks for these words has to name them.
    naming = SOURCE / "gate" / "gates" / "no_placeholders.py"
    for path in _modules():
        assert path == naming or not words.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_documents_name_existing_files(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    mentioned = re.findall(r"`(src/tospec/[a-z_/]+/)`", text)
    for path in (*linked, *mentioned):
        assert (ROOT / path).exists(), path


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert len(names) >= 7
    for name in names:
        assert f"`tospec {name}" in text


def test_dependencies_are_pinned_and_the_same_as_those_installed() -> None:
    extras = PROJECT["project"]["optional-dependencies"]["dev"]
    pins = [pin.split("==") for pin in (*PROJECT["project"]["dependencies"], *extras)]
    assert len(pins) > 10
    for pin in pins:
        assert len(pin) == 2, f"{pin[0]} is not pinned"
        assert version(pin[0].partition("[")[0]) == pin[1]


def test_the_bundled_example_is_the_whole_example() -> None:
    bundled = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    example = ROOT / "examples" / "taskhub"
    files = {f"examples/taskhub/{path.name}" for path in example.glob("*.md")}
    assert set(bundled) == files
    assert {bundled[path] for path in files} == {f"tospec/{path}" for path in files}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("one", "other"):
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
        done = subprocess.run(
            [*command, str(folder / name), str(ROOT)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (folder / "one").glob("*.whl")
    assert built.read_bytes() == (folder / "other" / built.name).read_bytes()
    return built


@pytest.mark.slow
def test_the_wheel_holds_everything_that_the_tool_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    tracked = (path for path in SOURCE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    for path in tracked:
        assert f"tospec/{path.relative_to(SOURCE).as_posix()}" in packed
    for path in (ROOT / "examples" / "taskhub").glob("*.md"):
        assert f"tospec/examples/taskhub/{path.name}" in packed


@pytest.mark.slow
def test_the_installed_wheel_works_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(home), "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, str(wheel)], check=True, cwd=tmp_path)
    # The dependencies come from this environment, so that no network is needed.
    (site,) = home.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(
        f"{Path(pytest.__file__).parents[1]}\n", encoding="utf-8"
    )
    for ruff in Path(sys.executable).parent.glob("ruff"):
        shutil.copy(ruff, home / "bin" / "ruff")
    _works(home / "bin" / "tospec", site, tmp_path)


def _works(program: Path, site: Path, folder: Path) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(program), *command], cwd=folder, capture_output=True, text=True, check=False
        )

    assert run("--version").stdout == f"tospec {__version__}\n"
    where = "import tospec; print(tospec.__file__)"
    python = program.with_name("python")
    found = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()).is_relative_to(site)
    done = run("demo", "--no-serve", "--out", str(folder / "built"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "built" / "app" / "main.py").exists()
