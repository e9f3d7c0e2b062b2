"""Spec text reaches Python source as values, prose and nothing else."""

import ast
import inspect
import io
import math
import re
import subprocess
import sys
import tokenize
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.python.hostile import HOSTILE, hostile_texts
from tospec.python import Code, comment, docstring, docstring_value, fill, literal, module

_RUFF = (sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100", "-")


def _formatted(source: str) -> str:
    done = subprocess.run(_RUFF, input=source.encode(), capture_output=True, check=True)
    return done.stdout.decode()


def _shape(source: str) -> str:
    """Return the syntax tree without the values of strings."""
    tree = ast.parse(source.encode())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def _spaced(text: str) -> str:
    return re.sub("[ \n]+", " ", text).strip(" ")


@given(hostile_texts())
def test_a_literal_is_the_text_and_stands_on_one_line(text: str) -> None:
    source = literal(text).text
    assert ast.literal_eval(source) == text
    assert len(source.splitlines()) == 1


@given(hostile_texts(), st.integers(20, 90))
def test_a_wrapped_literal_is_the_text(text: str, width: int) -> None:
    source = literal(text, width=width).text
    assert ast.literal_eval(source) == text


def test_a_wrapped_literal_keeps_to_its_width() -> None:
    text = "word " * 40
    assert max(map(len, literal(text, width=60).text.splitlines())) <= 60
    assert len(literal(text).text) > 60


@settings(max_examples=300)
@given(hostile_texts(), st.sampled_from([0, 4, 8]))
def test_a_docstring_says_the_text_and_adds_no_code(text: str, indent: int) -> None:
    source = _function(docstring(text, indent=4).indented(0))
    assert _shape(source) == _shape(_function(docstring("Harmless.", indent=4)))
    said = ast.get_docstring(ast.parse(source).body[0], clean=False)  # type: ignore[arg-type]
    assert _spaced(said or "") == _spaced(text)
    alone = docstring(text, indent=indent).text
    assert isinstance(ast.literal_eval(alone), str)


def _function(doc: Code) -> str:
    return f"def f():\n    {doc.text}\n    return 1\n"


def test_the_formatter_changes_only_the_white_space_of_docstrings() -> None:
    source = "\n\n".join(
        f"def f{at}():\n    {docstring(text, indent=4).text}\n    return {literal(text).text}\n"
        for at, text in enumerate(HOSTILE)
    )
    for node, text in zip(ast.parse(_formatted(source)).body, HOSTILE, strict=True):
        assert isinstance(node, ast.FunctionDef)
        assert _spaced(ast.get_docstring(node, clean=False) or "") == _spaced(text)
        returned = node.body[-1]
        assert isinstance(returned, ast.Return)
        assert isinstance(returned.value, ast.Constant)
        assert returned.value.value == text


def test_a_docstring_has_a_summary_an_empty_line_and_the_rest() -> None:
    text = "Move a task. " + "It goes on and on about what happens then. " * 4
    first, second, *rest = docstring(text, "More.", indent=4).text.split("\n")
    assert first == '"""Move a task. ' + "It goes on and on about what happens then."
    assert second == ""
    assert rest[-3:] == ["", "    More.", '    """']
    assert max(map(len, rest)) <= 100


def test_a_docstring_with_a_pattern_is_a_raw_one() -> None:
    assert docstring(r"Matches \d+ only.").text == r'r"""Matches \d+ only."""'
    assert docstring("Plain.").text == '"""Plain."""'


@settings(max_examples=300)
@given(hostile_texts())
def test_a_comment_adds_nothing_to_the_code(text: str) -> None:
    source = f"{comment(text).text}\nx = 1\n"
    assert ast.dump(ast.parse(source.encode(), type_comments=True)) == ast.dump(
        ast.parse("x = 1\n", type_comments=True)
    )
    tokens = list(tokenize.tokenize(io.BytesIO(source.encode()).readline))
    assert tokens[0].string == "utf-8"
    assert all(line.startswith("#") for line in source.splitlines()[:-2])


@pytest.mark.parametrize(
    "directive", ["noqa", "type: ignore", "fmt: off", "pragma: no cover", "ruff: noqa", "x # noqa"]
)
def test_a_comment_is_no_directive(directive: str) -> None:
    text = comment(directive).text
    assert not re.search(r"#\s*(noqa|type:|fmt:|pragma|ruff:)", text)
    assert comment("Why: see below.").text == "# Why: see below."


@given(hostile_texts())
@example("\u2028")
def test_a_module_of_hostile_texts_has_the_shape_of_a_harmless_one(text: str) -> None:
    def source(said: str) -> str:
        value = fill("{}\nx = {}\n", comment(said), literal(said))
        return module(said, value, artifact="app/x.py")

    assert _shape(source(text)) == _shape(source("harmless"))


_UUID = UUID("0198c3b2-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -(10**30),
        1.5,
        -0.0,
        5e-324,
        b"\x00\xff",
        Decimal("10.50"),
        Decimal("1E+3"),
        date(2026, 2, 28),
        datetime(2026, 2, 28, 1, 2, 3, 4, tzinfo=UTC),
        time(12, 30),
        timedelta(days=1, seconds=2),
        timedelta(0),
        _UUID,
        (),
        ("a",),
        ("a", 1),
        ["a", None],
        {"b": 1, "a": {"c": ()}},
        frozenset({"b", "a"}),
        set(),
        {3, 1},
        "\ud800",
        "None",
        "nan",
        "",
    ],
)
def test_a_literal_evaluates_to_its_value(value: object) -> None:
    code = literal(value)
    scope: dict[str, object] = {}
    for each in code.imports:
        scope[each.bound] = getattr(__import__(each.module), each.name or "")
    found = eval(code.text, scope)  # noqa: S307 - our own source
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, Decimal("NaN"), datetime(2026, 1, 1), time(1, tzinfo=UTC)],  # noqa: DTZ001
)
def test_what_has_no_exact_literal_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        literal(value)


def test_an_object_has_no_literal() -> None:
    with pytest.raises(TypeError):
        literal(object())


def test_sets_are_written_in_order() -> None:
    assert literal(frozenset("cab")).text == "frozenset({'a', 'b', 'c'})"


@given(hostile_texts())
@example("long " * 60 + '"')
@example("One.\n\ttab\n plain")
@example('"' * 3)
def test_the_value_of_a_docstring_is_the_one_that_readers_get(text: str) -> None:
    assert docstring_value(text, indent=4) == told(text)


def test_the_value_of_another_docstring_is_another_one() -> None:
    assert docstring_value("Other.", indent=4) != told("One.")


def told(text: str) -> str | None:
    """Return what a function with the docstring tells."""
    source = f"def it():\n    {docstring(text, indent=4).text}\n"
    scope: dict[str, object] = {}
    exec(compile(source, "it.py", "exec"), scope)  # noqa: S102  # written by the line above
    return inspect.getdoc(scope["it"])
