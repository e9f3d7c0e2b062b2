"""Which names a piece of source mentions.

A syntax tree says so exactly, and costs more than everything else that is done to a module. The
lexical form answers the same for source without surprises; what it cannot decide it hands on.
"""

import ast
import re
from collections.abc import Collection
from typing import Final

_TEXT: Final = re.compile(
    r"""
    "{3}(?:[^"\\]++|\\.|"(?!""))*+"{3}
    | '{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
    | "(?:[^"\\\n]++|\\.)*+"
    | '(?:[^'\\\n]++|\\.)*+'
    | \#[^\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)
_USE: Final = re.compile(r"(?<![\w.])[^\W\d]\w*+(?!=(?!=)|:)")
_ANSWER: Final = re.compile(r"(?:-> |\{)(\w++):")
_WORD: Final = re.compile(r"[^\W\d]\w*")
_FORMATTED: Final = re.compile(r"[fF][rR]?$")
_EXPORTS: Final = re.compile(r"^__all__\b", re.MULTILINE)


def mentioned(source: str, names: Collection[str]) -> frozenset[str]:
    """Return those of `names` that the source uses, in annotations and `__all__` too.

    Raises:
        SyntaxError: If only a syntax tree could tell, and the source is no Python.
    """
    wanted = frozenset(names)
    bare = _TEXT.sub(_fields, source)
    if "\0" in bare or _EXPORTS.search(bare):
        return wanted & _in_tree(source)
    certain = wanted.intersection(_USE.findall(bare))
    doubtful = (wanted - certain).intersection(_WORD.findall(bare)) if wanted - certain else ()
    certain |= frozenset(doubtful).intersection(_ANSWER.findall(bare))
    doubtful = frozenset(doubtful) - certain
    return certain | (doubtful & _in_tree(source)) if doubtful else certain


def _fields(text: re.Match[str]) -> str:
    """Return what is left of a string or comment: the fields of an f-string; a NUL for doubt."""
    before = text.string[max(text.start() - 2, 0) : text.start()]
    if text[0].startswith("#") or not _FORMATTED.search(before):
        return "''"
    fields = text[0].replace("{{", "").replace("}}", "")
    if fields.count("{") != fields.count("}"):
        return "\0"
    return " ".join(("", *(part.split("}")[0] for part in fields.split("{")[1:])))


def _in_tree(source: str) -> frozenset[str]:
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    exported = (node for node in tree.body if isinstance(node, ast.Assign) and _is_all(node))
    constants = (node for each in exported for node in ast.walk(each.value))
    names |= {
        node.value
        for node in constants
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return frozenset(names)


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
