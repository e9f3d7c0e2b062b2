"""The page's own files: plain modules that need no build, and make no markup of data."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = (
    Path(__file__).parents[2]
    / "src"
    / "tospec"
    / "profiles"
    / "cqrs"
    / "scaffold"
    / "app"
    / "admin"
)
MODULES: Final = sorted(FOLDER.glob("*.js"))
NODE: Final = shutil.which("node")
LONGEST: Final = 300
_MARKUP: Final = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|\beval\b|new Function"
)
_IMPORT: Final = re.compile(r'from "([^"]+)"')
_EXPORTED: Final = re.compile(r"^export (?:async )?(?:function|class|const) (\w+)", re.MULTILINE)
_TOLD: Final = re.compile(r"\*/\nexport (?:async )?(?:function|class|const) (\w+)")


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_short_and_says_what_it_is_for(module: Path) -> None:
    text = module.read_text(encoding="utf-8")

    assert text.startswith("/**")
    assert text.count("\n") <= LONGEST
    assert _EXPORTED.findall(text) == _TOLD.findall(text)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_makes_no_markup_and_asks_nobody_else(module: Path) -> None:
    text = module.read_text(encoding="utf-8")

    assert _MARKUP.findall(text) == []
    assert "http" not in text.replace("/^https?:", "")
    for imported in _IMPORT.findall(text):
        assert (module.parent / imported).is_file(), imported


@pytest.mark.skipif(NODE is None, reason="NOT RUN: there is no node")
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_well_formed(module: Path, tmp_path: Path) -> None:
    copy = tmp_path / f"{module.stem}.mjs"
    shutil.copy(module, copy)

    done = subprocess.run([str(NODE), "--check", str(copy)], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()


def test_styles_load_nothing() -> None:
    styles = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.css"))

    assert "url(" not in styles
    assert "@import" not in styles
