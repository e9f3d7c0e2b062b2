"""Which names source mentions: the quick answer is that of the syntax tree."""

import ast
from pathlib import Path

import pytest

import tospec
from tospec.python.mentions import mentioned

_NAMES = ("a", "Final", "b")

USED = [
    "a",
    "x = a",
    "x: Final = 1",
    "def f() -> a: ...",
    "x = {a: 1}",
    "f'{a}'",
    'rf"{{{a}}}"',
    "f'{x['a']}{a}'",
    "g(a=a)",
    "if a: pass",
    "__all__ = ['a']",
    "'''text''' + a  # note",
]
UNUSED = [
    "x.a",
    "g(a=1)",
    "'a'",
    "'''a\n\"a\"'''",
    "# a",
    "f'a {x} {{a}}'",
    "aa = ba",
    "def f(a: int) -> None: ...",
    "'a\\'a'",
    "f'{x.a}'",
]


@pytest.mark.parametrize("source", USED)
def test_a_use_is_seen(source: str) -> None:
    assert mentioned(source, _NAMES) & {"a", "Final"}


@pytest.mark.parametrize("source", UNUSED)
def test_what_only_looks_like_a_use_is_none(source: str) -> None:
    assert not mentioned(source, ["a"])


def test_a_syntax_tree_says_the_same_about_the_tool_itself() -> None:
    checked = 0
    for path in sorted(Path(tospec.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        body = "\n".join(ast.unparse(node) for node in tree.body if node not in imports)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        imported = {alias.asname or alias.name for node in imports for alias in node.names}
        if "__all__" not in used:
            assert mentioned(body, imported) == imported & used, path
            checked += len(imported)
    assert checked > 1000
