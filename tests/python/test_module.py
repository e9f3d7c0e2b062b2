"""Modules: header, sorted imports, body; and what a broken one says."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tospec.python import (
    NOTHING,
    BrokenModuleError,
    Code,
    Import,
    ImportClashError,
    ImportSet,
    fill,
    join,
    literal,
    module,
    module_symbol,
    require_python,
    symbol,
)


def test_a_module_has_header_imports_and_body_in_order() -> None:
    body = fill(
        "A = {}({})\nB: {} = {}.x\n",
        symbol("sqlalchemy", "Table"),
        symbol("app.db.metadata", "METADATA"),
        symbol("uuid", "UUID"),
        module_symbol("json"),
    )
    assert module("Tables.", body, artifact="app/models/a.py") == (
        '"""Tables."""\n\n'
        "import json\nfrom uuid import UUID\n\n"
        "from sqlalchemy import Table\n\n"
        "from app.db.metadata import METADATA\n\n"
        "A = Table(METADATA)\nB: UUID = json.x\n"
    )


def test_an_empty_module_is_its_docstring() -> None:
    assert module("Nothing.", NOTHING, artifact="app/__init__.py") == '"""Nothing."""\n'


def test_unused_imports_are_left_out_and_reexports_are_not() -> None:
    imports = frozenset(
        {Import("uuid", "UUID"), Import("json"), Import("app.a", "b", "b"), Import("app.c", "D")}
    )
    body = Code('__all__ = ["D"]\nx: "int" = json.x', imports)
    text = module("Header.", body, artifact="x.py")
    assert "UUID" not in text
    assert "import json\n" in text
    assert "from app.a import b as b\n" in text
    assert "from app.c import D\n" in text


def test_a_name_imported_from_two_modules_is_refused() -> None:
    body = fill("{} | {}", symbol("a", "X"), symbol("b", "X"))
    with pytest.raises(BrokenModuleError, match=r"app/x\.py: 'X' is imported from both a and b"):
        module("Header.", body, artifact="app/x.py")
    apart = fill("{} | {}", symbol("a", "X"), symbol("b", "X", alias="Y"))
    assert "X | Y" in module("Header.", apart, artifact="app/x.py")


@pytest.mark.parametrize("definition", ["class X: ...", "def X(): ...", "X = 1", "type X = int"])
def test_a_name_imported_and_defined_is_refused(definition: str) -> None:
    use = fill("y = {}", symbol("a", "X"))
    assert module("Header.", use, artifact="x.py")
    body = join("\n", [Code(definition), use])
    with pytest.raises(BrokenModuleError, match="'X' is both imported and defined"):
        module("Header.", body, artifact="x.py")


def test_a_broken_module_is_shown_with_its_artifact() -> None:
    require_python("a = 1\nb = 2\nc = 3", "app/models/task.py")
    with pytest.raises(BrokenModuleError) as caught:
        require_python("a = 1\nb = = 2\nc = 3", "app/models/task.py")
    assert str(caught.value).splitlines() == [
        "app/models/task.py:2:5: invalid syntax",
        "     1 a = 1",
        ">    2 b = = 2",
        "     3 c = 3",
    ]


def test_only_code_fills_a_pattern() -> None:
    assert fill("{} {x}", literal(1), x=literal("a")).text == "1 'a'"
    with pytest.raises(TypeError, match="str is not Code"):
        fill("{}", "raw")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="str is not Code"):
        join(", ", ["raw"])  # type: ignore[list-item]


@pytest.mark.parametrize("bad", ["a;b", "a b", "class", "a\nimport os", "", "é", "a..b"])
def test_an_import_of_no_name_is_refused(bad: str) -> None:
    assert Import("a", "b").bound == "b"
    with pytest.raises(ValueError, match="cannot be imported"):
        Import(bad)
    with pytest.raises(ValueError, match="cannot be imported"):
        Import("a", bad)


_MODULES = st.sampled_from(
    """__future__ json collections.abc uuid sqlalchemy sqlalchemy.dialects app app.models.task10
    app.models.task9 app.db migrations.x pydantic annotated""".split()  # noqa: SIM905 - shorter
)
_MEMBERS = st.sampled_from(
    [None, "a", "B", "CONSTANT", "Class", "function", "T", "x10", "x9", "Xy", "A_B", "very_" * 8]
)
_SORTED = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "I"]
_SORTED += ["--line-length", "100", "--config"]
_SORTED += ['lint.isort.known-first-party=["app","migrations"]']
_ALIASES = st.sampled_from([None, None, None, "other", "Alias"])


@settings(max_examples=60, deadline=None)
@given(st.sets(st.builds(Import, _MODULES, _MEMBERS, _ALIASES), max_size=25))
def test_imports_are_in_the_order_that_the_linter_asks_for(imports: set[Import]) -> None:
    kept = {i.bound: i for i in sorted(imports, key=repr) if i.module != "__future__"}
    text = ImportSet(kept.values()).render(("app", "migrations"))
    done = subprocess.run(
        [*_SORTED, "-"],
        input=f"{text}\n\nx = 1\n" if text else "",
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(sys.executable).parent,
    )
    assert done.returncode == 0, text + done.stdout


def test_packages_may_be_bound_by_several_modules_below_them() -> None:
    both = ImportSet([Import("os.path"), Import("os")])
    assert both.checked().render() == "import os\nimport os.path"
    with pytest.raises(ImportClashError):
        ImportSet([Import("os"), Import("x", "os")]).checked()
