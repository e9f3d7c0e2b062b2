"""The grammar of CEL, as published with cel-python; its evaluator is never loaded."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lark import Lark, Token, Tree


@cache
def _parser() -> Lark:
    return Lark(
        _grammar(),
        parser="lalr",
        start="expr",
        g_regex_flags=re.MULTILINE,
        propagate_positions=True,
        maybe_placeholders=False,
        lexer_callbacks={"IDENT": _bool_or_identifier},
    )


def _grammar() -> str:
    # Finding the package does not import it: its evaluator stays out of the process.
    package = find_spec("celpy")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("cel-python is not installed.", name="celpy")
    return (Path(package.submodule_search_locations[0]) / "cel.lark").read_text(encoding="utf-8")


def _bool_or_identifier(token: Token) -> Token:
    if token.value in {"true", "false"}:
        return Token.new_borrow_pos("BOOL_LIT", token.value, token)
    return token


def parse_tree(text: str) -> Tree[Token]:
    """Return the syntax tree of an expression.

    Raises:
        lark.UnexpectedInput: The text is not well formed.
    """
    return _parser().parse(text)
