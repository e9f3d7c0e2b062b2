"""No comment or text of the code says that something is still to be done."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from tospec.evidence import Violation
from tospec.gate.functions import is_text
from tospec.gate.modules import Module
from tospec.gate.planting import code
from tospec.gate.static import ALL_CODE, Judged, ModuleGate, Rule, judged
from tospec.gate.tree import TreeUnderTest

_RULE: Final = Rule("placeholder", "Do it now, or move the plan to the issue tracker.")
_MARKERS: Final = r"(?:TODO|FIXME|XXX|HACK)"
# A marker opens a comment or is followed by `:` or `(`; elsewhere it is a word of the subject.
_MARKED: Final = re.compile(rf"^\W*@?{_MARKERS}\b|\b{_MARKERS}(?::|\(\w)")
_TOLD: Final = re.compile(
    r"\blorem ipsum\b|\bimplement me\b|\byour code (?:goes )?here\b"
    r"|^\W*placeholder\b|\ba placeholder (?:for now|until|implementation)\b"
    r"|\bplaceholder (?:implementation|logic|code)\b"
    r"|\b(?:not implemented yet|not yet implemented|to be implemented)\b",
    re.IGNORECASE,
)
_IN_TEXT: Final = re.compile(rf"(?:^|\n)\s*{_MARKERS}(?::|\(\w)|\blorem ipsum\b", re.IGNORECASE)


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    return judged(1, [*_in_comments(module), *_in_texts(module)])


def _in_comments(module: Module) -> Iterator[Violation]:
    for comment in module.comments:
        if _MARKED.search(comment.text) or _TOLD.search(comment.text):
            message = f"The comment says that something is missing: {comment.text[:100]}"
            yield _RULE.at(module.path, message, comment.line, comment.column)


def _in_texts(module: Module) -> Iterator[Violation]:
    for node in module.nodes:
        if is_text(node) and isinstance(node, ast.Constant):
            found = _IN_TEXT.search(str(node.value))
            if found and found.group().strip()[:4] != found.group().strip()[:4].lower():
                message = f"The text says that something is missing: {found.group().strip()[:100]}"
                yield _RULE.broken(module, node, message)


GATE: Final = ModuleGate(
    name="no-placeholders",
    title="nothing is marked as still to be done",
    looked_for="Python files, in their comments and texts",
    judge=_judge,
    kinds=ALL_CODE,
    plants=(
        code("todo", "LIMIT = 3  # TODO: read it from the settings\n"),
        code("fixme", "# FIXME this is wrong\nLIMIT = 3\n"),
        code("lorem", 'GREETING = "Lorem ipsum dolor sit amet"\n'),
        code("todo-in-docstring", '"""Planted.\n\nTODO: write it.\n"""\n'),
    ),
)
