"""Text becomes syntax or diagnostics, never an exception, never a long wait."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.expression.support import SPAN, analysed
from tospec.expression import Expression, parse
from tospec.expression.nodes import BinaryNode, LiteralNode, LogicNode


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("", "TS0300", 0),
        ("   ", "TS0300", 0),
        ("a = 1", "TS0300", 2),
        ("a and b", "TS0300", 2),
        ("(a", "TS0300", 2),
        ("a..b", "TS0300", 2),
        ("9**9**9", "TS0300", 2),
        ("lambda x: 1", "TS0300", 7),
        ("[x for x in y]", "TS0300", 3),
        ("a\nb", "TS0300", 1),
        ("a \x00", "TS0300", 2),
        ("é", "TS0300", 0),
        ("'\ud800'", "TS0300", 1),
        ("a" * 4097, "TS0301", 0),
        ("é" * 2049, "TS0301", 0),
        ("(" * 51 + "a" + ")" * 51, "TS0302", 50),
        ("+".join("a" * 52), "TS0302", 0),
        ("f'{x}'", "TS0303", 1),
        ("a // b", "TS0303", 2),
        ("'''a'''", "TS0303", 0),
        ("a[0]", "TS0303", 0),
        ("a{b: 1}", "TS0303", 2),
        ("{'a': 1}", "TS0303", 1),
        (".a", "TS0303", 0),
        ("1u", "TS0303", 0),
        ("'a", "TS0304", 0),
        (r"'\q'", "TS0304", 0),
        (r"'\u0000'", "TS0304", 0),
        ("9223372036854775808", "TS0304", 0),
        ("1e5", "TS0304", 0),
        ("a == 'b' && 1." + "1" * 30, "TS0304", 12),
    ],
)
def test_what_is_not_well_formed_is_refused_at_its_place(text: str, code: str, offset: int) -> None:
    result = parse(text, SPAN)
    assert isinstance(result, list)
    (found,) = result
    assert found.span is not None
    assert (found.code, found.span.column - SPAN.column) == (code, offset)
    assert (found.span.file, found.span.line) == (SPAN.file, SPAN.line)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50 + "a" + ")" * 50,
        "a" * 4096,
        " && ".join("a" * 800),
        "'a // b'",
        r"'it\'s \\ \"\n\u00e9'",
        "in_progress in [trueish, nullable, null_x]",
        "-9223372036854775808",
        "a - -1",
        "a ? b : c ? d : e",
    ],
)
def test_what_is_well_formed_passes(text: str) -> None:
    assert isinstance(parse(text, SPAN), Expression)


def test_parts_know_their_place() -> None:
    result = parse("ab == 'c' && d < 12", SPAN)
    assert isinstance(result, Expression)
    assert isinstance(result.root, LogicNode)
    first, second = result.root.operands
    assert isinstance(first, BinaryNode)
    assert isinstance(second, BinaryNode)
    assert first.right == LiteralNode(6, 3, "c")
    assert second.right == LiteralNode(17, 2, 12)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + ")" * 10_000,
        "x" * 1_000_000,
        "'" + "\\n" * 2_000,
        "'" + "\\n" * 2_000 + "\\'",
        "!" * 4_096,
        "-" * 4_095 + "1",
        "a." * 2_000 + "a",
        "a?b:" * 1_000 + "c",
        "[" * 4_096,
        "1" * 4_096,
        "__import__('os').system('touch canary')",
        "''.__class__.__mro__",
        "task.__class__",
        "exists(subtasks, __import__('os'))",
        "subtasks.all(t, t.done)",
        "size(title)",
        '("a").format()',
    ],
)
def test_hostile_text_is_refused_soon(text: str) -> None:
    started = time.process_time()
    assert isinstance(analysed(text), list)
    assert time.process_time() - started < 10


_WORDS = """
task due_at == null && || ! ( ) [ ] ? : . , 'a' 1 1.5 + - * / % < in status 'done' now() duration(
count( subtasks exists( principal .has( input.since title .size() \\ " ' __class__
"""


@given(st.text(max_size=200) | st.lists(st.sampled_from(_WORDS.split()), max_size=40).map(" ".join))
def test_any_text_gives_diagnostics_or_an_expression(text: str) -> None:
    result = analysed(text)
    if isinstance(result, list):
        assert result
        for found in result:
            assert found.span is not None
            assert SPAN.column <= found.span.column <= SPAN.column + len(text)


def test_the_evaluator_of_the_library_is_never_loaded() -> None:
    program = (
        "import sys\n"
        "from tospec.expression import parse\n"
        "from tospec.source import Span\n"
        "parse('a == 1', Span('f', 1, 1))\n"
        "assert 'lark' in sys.modules\n"
        "print([name for name in sys.modules if name.startswith('celpy')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
