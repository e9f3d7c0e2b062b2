"""Whole modules: header, imports, body."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from tospec.python.code import Code
from tospec.python.imports import Import, ImportClashError, ImportSet
from tospec.python.mentions import mentioned
from tospec.python.prose import docstring

_CONTEXT: Final = 3
_DEFINED: Final = re.compile(
    r"^(?:(?:async )?def|class|type) (\w++)|^(\w++)(?::[^\n=]*+|(?:, \w++)*+) = ", re.MULTILINE
)
"""What a line at the top level binds; a line inside a string may look the same and does no harm
but when the module imports that very name."""


class BrokenModuleError(Exception):
    """An artifact's source is no Python, or binds a name twice: a fault of its template.

    The message names the artifact and shows the source around the fault.
    """


def module(
    header: str | Code,
    body: Code,
    *,
    artifact: str,
    first_party: Sequence[str] = ("app", "migrations", "tests"),
) -> str:
    """Return the text of a module.

    Imports are sorted and grouped; those that the body does not use are left out, except
    re-exports (`from x import y as y`).

    Args:
        header: What the module's docstring says, or the docstring itself as source.
        body: Everything below the imports; may be empty.
        artifact: What is being made, for messages: the path of the file.
        first_party: Top-level packages of the project.

    Whether the body is Python at all is for `require_python` to say, about the whole module.

    Raises:
        BrokenModuleError: If two imports bind one name, or if the body defines a name that it
            imports.
    """
    imports = ImportSet(body.imports).used_in(_used(body, artifact))
    _require_unbound(imports, body.text, artifact)
    try:
        statements = imports.checked().render(first_party)
    except ImportClashError as clash:
        message = f"{artifact}: {clash}"
        raise BrokenModuleError(message) from clash
    top = header if isinstance(header, Code) else docstring(header)
    parts = (top.text, statements, body.text.strip("\n"))
    return "\n\n".join(part for part in parts if part) + "\n"


def require_python(source: str, artifact: str) -> None:
    """Check that a module is Python.

    Raises:
        BrokenModuleError: If it is not.
    """
    _parsed(source, artifact)


def lifted(source: str, artifact: str) -> Code:
    """Return source whose leading import statements have become `Code.imports`.

    Raises:
        BrokenModuleError: If source that starts with an import is no Python.
    """
    lines = source.lstrip("\n").split("\n")
    length = _length_of_imports(lines)
    if not length:
        return Code(source)
    statements = "\n".join(lines[:length])
    try:
        imports = _imported(statements)
    except SyntaxError as fault:
        raise BrokenModuleError(_explained(statements, artifact, fault)) from fault
    return Code("\n".join(lines[length:]).lstrip("\n"), imports)


@lru_cache(maxsize=4096)
def _imported(source: str) -> frozenset[Import]:
    """Return what statements import; most templates start with the same ones each time."""
    return frozenset(
        found
        for node in ast.parse(source).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for found in _imports(node)
    )


def _length_of_imports(lines: Sequence[str]) -> int:
    """Return how many lines at the top are import statements, or between them."""
    length, is_open = 0, False
    for number, line in enumerate(lines, 1):
        if not is_open and line and not line.startswith(("import ", "from ")):
            break
        is_open = (is_open or "(" in line) and ")" not in line
        length = number if line else length
    return length


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[Import]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield Import(alias.name, None, alias.asname)
        else:
            yield Import(node.module or "", alias.name, alias.asname)


def _parsed(text: str, artifact: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as fault:
        raise BrokenModuleError(_explained(text, artifact, fault)) from fault


def _explained(text: str, artifact: str, fault: SyntaxError | ValueError) -> str:
    if not isinstance(fault, SyntaxError) or fault.lineno is None:
        return f"{artifact}: {fault}"
    start = max(fault.lineno - 1 - _CONTEXT, 0)
    around = text.split("\n")[start : fault.lineno + _CONTEXT]
    shown = (
        f"{'>' if number == fault.lineno else ' '} {number:4} {line}"
        for number, line in enumerate(around, start + 1)
    )
    return "\n".join((f"{artifact}:{fault.lineno}:{fault.offset}: {fault.msg}", *shown))


def _used(body: Code, artifact: str) -> frozenset[str]:
    try:
        return mentioned(body.text, {each.bound for each in body.imports})
    except SyntaxError as fault:
        raise BrokenModuleError(_explained(body.text, artifact, fault)) from fault


def _require_unbound(imports: ImportSet, body: str, artifact: str) -> None:
    defined = (name for names in _DEFINED.findall(body) for name in names)
    for name in sorted(imports.bound.intersection(defined)):
        message = f"{artifact}: '{name}' is both imported and defined"
        raise BrokenModuleError(message)
