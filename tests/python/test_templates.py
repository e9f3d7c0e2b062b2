"""Templates print what came through a door, and nothing else."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from tospec.python import (
    BrokenModuleError,
    Code,
    Import,
    RawTextError,
    Templates,
    Text,
    TextTemplates,
    literal,
    symbol,
    text_line,
)


class _Folder:
    def __init__(self, package: str, root: Path) -> None:
        self.package = package
        self._root = root

    def template(self, source: str) -> str:
        (self._root / "templates").mkdir(exist_ok=True)
        (self._root / "templates" / "t.j2").write_text(source, encoding="utf-8")
        return self.package

    def render(self, source: str, **values: Any) -> Code:
        return Templates(self.template(source)).render("t.j2", **values)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Folder]:
    package = tmp_path / "templates_under_test"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield _Folder(package.name, package)
    sys.modules.pop(package.name, None)


def test_code_is_printed_and_its_imports_are_kept(folder: _Folder) -> None:
    code = folder.render("x: {{ t }} = {{ v }}\n", t=symbol("uuid", "UUID"), v=literal("{{ x }}"))
    assert code == Code("x: UUID = '{{ x }}'", frozenset({Import("uuid", "UUID")}))


@pytest.mark.parametrize(
    "source",
    ["{{ v }}", "{{ 'constant' }}", "{{ 1 }}", "{{ c ~ '' }}", "{{ c|upper }}", "{{ c.text }}"],
)
def test_anything_else_is_refused(folder: _Folder, source: str) -> None:
    with pytest.raises(RawTextError, match="use a quoting door"):
        folder.render(source, v="raw", c=Code("c"))


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m() %}{% endmacro %}",
        "{% include 't.j2' %}",
        "{% set x %}raw{% endset %}",
        "{% filter upper %}x{% endfilter %}",
        "{% extends 't.j2' %}",
        "{% import 't.j2' as t %}",
        "{% call f() %}{% endcall %}",
    ],
)
def test_constructs_that_print_past_the_door_are_refused(folder: _Folder, source: str) -> None:
    with pytest.raises(RawTextError, match=r"t\.j2:1: a template may not use"):
        folder.render(source, f=lambda caller: "raw")


def test_loops_and_conditions_leave_no_lines(folder: _Folder) -> None:
    source = "{% for f in fields %}\n{% if f %}\n{{ f }}\n{% endif %}\n{% endfor %}\nend\n"
    assert folder.render(source, fields=[Code("a"), None, Code("b")]).text == "a\nb\nend"


@pytest.mark.parametrize("source", ["{{ gone }}", "{% if gone %}{% endif %}", "{{ c.gone }}"])
def test_an_undefined_value_is_an_error(folder: _Folder, source: str) -> None:
    with pytest.raises(UndefinedError):
        folder.render(source, c=Code("c"))


def test_leading_imports_are_lifted(folder: _Folder) -> None:
    source = "from uuid import (\n    UUID,\n)\nimport json as j\n\n\nx = 1\nimport late\n"
    assert folder.render(source) == Code(
        "x = 1\nimport late",
        frozenset({Import("uuid", "UUID"), Import("json", None, "j")}),
    )


def test_a_broken_outcome_names_the_artifact(folder: _Folder) -> None:
    templates = Templates(folder.template("import x y\n{{ v }}\n"))
    with pytest.raises(BrokenModuleError, match=r"app/y\.py:1"):
        templates.render("t.j2", artifact="app/y.py", v=literal(1))


def test_imports_do_not_leak_from_one_rendering_to_the_next(folder: _Folder) -> None:
    templates = Templates(folder.template("{{ v }}"))
    assert templates.render("t.j2", v=symbol("uuid", "UUID")).imports
    assert not templates.render("t.j2", v=literal(1)).imports


def test_templates_come_from_the_package_only(folder: _Folder) -> None:
    templates = Templates(folder.template("x"))
    with pytest.raises(TemplateNotFound):
        templates.render("other.j2")


def test_text_templates_print_text_only(folder: _Folder) -> None:
    templates = TextTemplates(folder.template("# {{ v }}\n"))
    assert templates.render("t.j2", v=text_line("a\nb")) == "# a b\n"
    assert templates.render("t.j2", v=Text("own")) == "# own\n"
    for raw in ("raw", Code("code"), 1):
        with pytest.raises(RawTextError):
            templates.render("t.j2", v=raw)
