"""Whole modules: header, imports, body."""

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from tospec.python.code import Code
from tospec.python.imports import Import, ImportClashError, ImportSet
from tospec.python.prose import docstring

_CONTEXT: Final = 3


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

    Raises:
        BrokenModuleError: If the outcome is no Python, if two imports bind one name, or if the
            body defines a name that it imports.
    """
    tree = _parsed(body.text, artifact)
    imports = ImportSet(body.imports).used_in(_used(tree))
    _require_unbound(imports, tree, artifact)
    try:
        statements = imports.checked().render(first_party)
    except ImportClashError as clash:
        message = f"{artifact}: {clash}"
        raise BrokenModuleError(message) from clash
    top = header if isinstance(header, Code) else docstring(header)
    parts = (top.text, statements, body.text.strip("\n"))
    return "\n\n".join(part for part in parts if part) + "\n"


def lifted(source: str, artifact: str) -> Code:
    """Return source whose leading import statements have become `Code.imports`.

    Raises:
        BrokenModuleError: If source that starts with an import is no Python.
    """
    lines = source.lstrip("\n").split("\n")
    length = _length_of_imports(lines)
    if not length:
        return Code(source)
    statements = _parsed("\n".join(lines[:length]), artifact).body
    imports = (
        found
        for node in statements
        if isinstance(node, ast.Import | ast.ImportFrom)
        for found in _imports(node)
    )
    return Code("\n".join(lines[length:]).lstrip("\n"), frozenset(imports))


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


def _used(tree: ast.Module) -> frozenset[str]:
    """Return every name that the source mentions, in annotations and `__all__` too."""
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


def _require_unbound(imports: ImportSet, tree: ast.Module, artifact: str) -> None:
    for name in sorted(imports.bound & _defined(tree)):
        message = f"{artifact}: '{name}' is both imported and defined"
        raise BrokenModuleError(message)


def _defined(tree: ast.Module) -> frozenset[str]:
    """Return the names that definitions and assignments at the top level bind."""
    found: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Assign():
                found.update(t.id for t in node.targets if isinstance(t, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.TypeAlias(name=ast.Name(id=name)):
                found.add(name)
            case _:
                pass
    return frozenset(found)
