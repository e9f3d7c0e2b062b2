"""Every setting is in .env.example, and what must be given is in the README."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tospec.evidence import Violation
from tospec.gate.base import Findings
from tospec.gate.functions import last_name
from tospec.gate.modules import Kind, Module, kind_of
from tospec.gate.planting import edit
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest

_EXAMPLE: Final = ".env.example"
_README: Final = "README.md"
_MISSING: Final = Rule("undocumented-setting", f"Add it to {_EXAMPLE} with what it means.")
_UNKNOWN: Final = Rule("unknown-setting", f"Remove it from {_EXAMPLE}; nothing reads it.")
_UNSAID: Final = Rule("setting-not-in-readme", f"Name it in the table of settings in {_README}.")
_LINE: Final = re.compile(r"^\s*#?\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Setting:
    name: str
    required: bool
    module: Module
    node: ast.AST


def _judge(tree: TreeUnderTest) -> Findings:
    settings = list(_settings(tree))
    read = list(_read_directly(tree))
    example = _LINE.findall(tree.read(_EXAMPLE) or "")
    found = [*_undocumented([*settings, *read], example), *_unsaid(tree, settings)]
    found += _unknown(tree, {each.name for each in (*settings, *read)}, example)
    total = len(settings) + len(read)
    return Findings(candidates=total, checked=total, violations=tuple(found))


def _settings(tree: TreeUnderTest) -> Iterator[_Setting]:
    """Yield the fields of every class that reads the environment."""
    classes = {n.name: (m, n) for m in _own(tree) for n in m.nodes if isinstance(n, ast.ClassDef)}
    reading = {"BaseSettings"}
    while (
        grown := {c for c, (_, n) in classes.items() if reading & set(map(last_name, n.bases))}
        - reading
    ):
        reading |= grown
    for name in sorted(reading & classes.keys()):
        module, node = classes[name]
        prefix = _prefix(node)
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                yield from _fields(module, statement, prefix)


def _fields(module: Module, node: ast.AnnAssign, prefix: str) -> Iterator[_Setting]:
    name = node.target.id if isinstance(node.target, ast.Name) else ""
    if name.startswith("_") or name == "model_config" or last_name(node.annotation) == "ClassVar":
        return
    alias = _keyword(node.value, "validation_alias") or _keyword(node.value, "alias")
    variable = alias or f"{prefix}{name}"
    yield _Setting(variable.upper(), _is_required(node.value), module, node)


def _is_required(value: ast.expr | None) -> bool:
    if not isinstance(value, ast.Call) or last_name(value.func) != "Field":
        return value is None
    given = {keyword.arg for keyword in value.keywords}
    return not (value.args or given & {"default", "default_factory"})


def _keyword(node: ast.expr | None, name: str) -> str:
    for keyword in node.keywords if isinstance(node, ast.Call) else ():
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return ""


def _prefix(node: ast.ClassDef) -> str:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and last_name(statement.targets[0]) == "model_config":
            return _keyword(statement.value, "env_prefix")
    return ""


def _read_directly(tree: TreeUnderTest) -> Iterator[_Setting]:
    """Yield the variables that are read past the settings."""
    for module in _own(tree):
        for node in module.nodes:
            name = _variable(module, node)
            if name:
                yield _Setting(name, False, module, node)


def _variable(module: Module, node: ast.AST) -> str:
    value: ast.expr | None = None
    if isinstance(node, ast.Call) and node.args:
        if module.origin(node.func) in {"os.getenv", "os.environ.get"}:
            value = node.args[0]
    elif isinstance(node, ast.Subscript) and module.origin(node.value) == "os.environ":
        value = node.slice
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _own(tree: TreeUnderTest) -> tuple[Module, ...]:
    return tree.of_kind(Kind.APPLICATION)


def _undocumented(settings: list[_Setting], example: list[str]) -> Iterator[Violation]:
    for each in settings:
        if each.name not in example:
            yield _MISSING.broken(each.module, each.node, f"{_EXAMPLE} does not have {each.name}.")


def _unsaid(tree: TreeUnderTest, settings: list[_Setting]) -> Iterator[Violation]:
    readme = tree.read(_README) or ""
    if _EXAMPLE not in readme:
        yield _UNSAID.at(_README, f"{_README} does not say that {_EXAMPLE} has all settings.")
    for each in settings:
        if each.required and not re.search(rf"\b{each.name}\b", readme):
            yield _UNSAID.at(_README, f"{_README} does not name {each.name}, which must be given.")


def _unknown(tree: TreeUnderTest, known: set[str], example: list[str]) -> Iterator[Violation]:
    lines = (tree.read(_EXAMPLE) or "").split("\n")
    for name in sorted(set(example) - known):
        line = next((n for n, text in enumerate(lines, 1) if f"{name}=" in text), 0)
        yield _UNKNOWN.at(_EXAMPLE, f"{_EXAMPLE} has {name}, which nothing reads.", line)


def _inputs(tree: TreeUnderTest) -> tuple[str, ...]:
    own = tuple(path for path in tree.python_paths if kind_of(path) is Kind.APPLICATION)
    return (*own, _EXAMPLE, _README)


def _without_secret_key(text: str) -> str:
    return text.replace("SECRET_KEY", "SECRET_WORD")


GATE: Final = TreeGate(
    name="settings-documented",
    title=f"{_EXAMPLE} has every setting, the README those that must be given",
    looked_for="settings that are read from the environment",
    judge=_judge,
    paths=_inputs,
    plants=(
        edit("undocumented", _EXAMPLE, _without_secret_key),
        edit("unsaid", _README, _without_secret_key),
        edit("unknown", _EXAMPLE, lambda text: f"{text}\nPLANTED_LIMIT=3\n"),
    ),
)
