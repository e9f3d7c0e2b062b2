"""A Python file, parsed once for all gates."""

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final

_TEST_FOLDERS: Final = frozenset({"test", "tests", "testing", "e2e"})
_MIGRATION_FOLDERS: Final = frozenset({"migrations", "alembic", "revisions"})
_SCRIPT_FOLDERS: Final = frozenset({"script", "scripts"})
_SCRIPT_NAMES: Final = frozenset({"noxfile.py", "setup.py"})
_EXAMPLE_FOLDERS: Final = frozenset({"docs", "doc", "docs_src", "examples", "example", "samples"})
_UNBRACKETED: Final = re.compile(r"^(\s*except\*?\s+)([\w., ]+?)(\s*:)")
_MOST_BRACKETED: Final = 50


class Kind(StrEnum):
    """What a Python file is for."""

    APPLICATION = "application"
    TEST = "test"
    MIGRATION = "migration"
    SCRIPT = "script"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, without its `#`."""

    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Module:
    """A Python file.

    Attributes:
        path: Relative to the tree, with `/`.
        text: Its source.
        syntax: Its syntax tree; nobody changes it.
    """

    path: str
    text: str
    syntax: ast.Module

    @cached_property
    def kind(self) -> Kind:
        """What it is for, by its place and name."""
        return kind_of(self.path)

    @cached_property
    def name(self) -> str:
        """Its dotted name, counted from the root of the tree."""
        parts = PurePosixPath(self.path).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of its syntax tree but contexts, which nobody asks for; parents come first."""
        return tuple(_walked(self.syntax))

    @cached_property
    def origins(self) -> dict[str, str]:
        """The dotted name that each imported name stands for."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found.update(_plain(node))
            elif isinstance(node, ast.ImportFrom):
                found.update({a.asname or a.name: f"{_source(node)}.{a.name}" for a in node.names})
        return found

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """Its comments, in order of place."""
        if "#" not in self.text:
            return ()
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        found: list[Comment] = []
        try:
            for token in tokens:
                if token.type == tokenize.COMMENT:
                    line, column = token.start
                    found.append(Comment(line, column + 1, token.string.lstrip("#").strip()))
        except (tokenize.TokenError, SyntaxError):
            # What the parser accepts and the tokenizer does not ends the list here.
            return tuple(found)
        return tuple(found)

    def origin(self, node: ast.expr) -> str:
        """Return the dotted name that `a.b.c` stands for, through the imports; or empty."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.origins.get(node.id, node.id), *reversed(parts)])


def _walked(syntax: ast.Module) -> list[ast.AST]:
    found: list[ast.AST] = [syntax]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found.extend(each for each in value if isinstance(each, ast.AST))
            elif isinstance(value, ast.AST) and name != "ctx":
                found.append(value)
    return found


def kind_of(path: str) -> Kind:
    """Return what a Python file is for, by its place and name."""
    *folders, name = PurePosixPath(path).parts
    if name in _SCRIPT_NAMES or name.endswith(".conf.py"):
        return Kind.SCRIPT
    if name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py"):
        return Kind.TEST
    for kind, names in (
        (Kind.TEST, _TEST_FOLDERS),
        (Kind.MIGRATION, _MIGRATION_FOLDERS),
        (Kind.EXAMPLE, _EXAMPLE_FOLDERS),
        (Kind.SCRIPT, _SCRIPT_FOLDERS),
    ):
        if names.intersection(folders):
            return kind
    return Kind.APPLICATION


def parsed(path: str, content: bytes, *, newer: bool = False) -> Module | str:
    """Return the module in a file's content, or why there is none.

    Args:
        path: Relative to the tree.
        content: The file's bytes.
        newer: Whether it is for a newer Python than this one, whose handlers of several exceptions
            need no parentheses.
    """
    try:
        text = _decoded(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Module(path, text, _syntax(text, _MOST_BRACKETED if newer else 0))
    except SyntaxError as fault:
        return f"line {fault.lineno or 1}: {fault.msg}"
    except (ValueError, LookupError) as fault:
        return str(fault)
    except (RecursionError, MemoryError):
        return "it is nested too deeply to be parsed"


def _syntax(text: str, attempts: int) -> ast.Module:
    """Parse a text; put the parentheses of PEP 758 where the parser misses them."""
    try:
        return ast.parse(text)
    except SyntaxError as fault:
        bracketed = _bracketed(text, fault.lineno or 0)
        if not attempts or "must be parenthesized" not in fault.msg or bracketed == text:
            raise
    return _syntax(bracketed, attempts - 1)


def _bracketed(text: str, line: int) -> str:
    lines = text.split("\n")
    if 0 < line <= len(lines):
        lines[line - 1] = _UNBRACKETED.sub(r"\1(\2)\3", lines[line - 1], count=1)
    return "\n".join(lines)


def _decoded(content: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return io.IncrementalNewlineDecoder(None, translate=True).decode(content.decode(encoding))


def _plain(node: ast.Import) -> dict[str, str]:
    return {
        alias.asname or alias.name.partition(".")[0]: (
            alias.name if alias.asname else alias.name.partition(".")[0]
        )
        for alias in node.names
    }


def _source(node: ast.ImportFrom) -> str:
    return "." * node.level + (node.module or "")
