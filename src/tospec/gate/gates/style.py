"""The code follows the tree's own style."""

import json
from typing import Final

from tospec.evidence import Violation
from tospec.gate import tools
from tospec.gate.base import CannotRunError, Findings
from tospec.gate.planting import code
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

_TIMEOUT: Final = 120.0
_FORMAT: Final = Rule("format", "Run: ruff format .")
_CONFIGURATION: Final = ("pyproject.toml", "ruff.toml", ".ruff.toml")


def _judge(tree: TreeUnderTest) -> Findings:
    versions = version_of(tree, "ruff")
    total = len(tree.python_paths)
    return Findings(
        candidates=total,
        checked=total,
        violations=(*_checked(tree), *_formatted(tree)),
        versions=versions,
        reason=_unconfigured(tree),
    )


def _unconfigured(tree: TreeUnderTest) -> str:
    if tree.read("ruff.toml") or tree.read(".ruff.toml"):
        return ""
    if "[tool.ruff" in (tree.read("pyproject.toml") or ""):
        return ""
    return "the tree has no configuration of ruff; restore [tool.ruff] in pyproject.toml"


def _run(tree: TreeUnderTest, *arguments: str) -> tools.Completed:
    command = ("-P", "-m", "ruff", *arguments)
    done = tools.run(
        [tree.python, *command], cwd=tree.root, timeout=_TIMEOUT, limit=64 * 1024 * 1024
    )
    if done.fault or done.code not in {0, 1}:
        why = done.fault or done.last_line
        message = f"ruff {arguments[0]} did not run: {why}"
        raise CannotRunError(message, "Mend the configuration in pyproject.toml.")
    return done


def _checked(tree: TreeUnderTest) -> list[Violation]:
    done = _run(tree, "check", "--no-cache", "--no-fix", "--output-format=json", ".")
    try:
        return [_violation(tree, found) for found in json.loads(done.output)]
    except (ValueError, KeyError, TypeError) as fault:
        message = f"ruff's answer cannot be read: {fault!r}."
        raise CannotRunError(message, "Use the version of ruff in requirements-dev.txt.") from fault


def _violation(tree: TreeUnderTest, found: dict[str, dict[str, int] | str]) -> Violation:
    place = found["location"]
    line, column = (place["row"], place["column"]) if isinstance(place, dict) else (0, 0)
    path = str(found["filename"]).removeprefix(f"{tree.root}/")
    rule = Rule(str(found["code"]), "Follow the rule, or exempt the line with a reason.")
    return rule.at(path, str(found["message"]), line, column)


def _formatted(tree: TreeUnderTest) -> list[Violation]:
    done = _run(tree, "format", "--no-cache", "--check", ".")
    prefix = "Would reformat: "
    lines = [line for line in done.output.split("\n") if line.startswith(prefix)]
    if done.code and not lines:
        message = f"ruff format said: {done.last_line}"
        raise CannotRunError(message, "Mend what it names.")
    return [_FORMAT.at(line.removeprefix(prefix), "The file is not formatted.") for line in lines]


def _inputs(tree: TreeUnderTest) -> tuple[str, ...]:
    return (*tree.python_paths, *_CONFIGURATION)


GATE: Final = TreeGate(
    name="style",
    title="the code follows the tree's own style",
    looked_for="Python files",
    judge=_judge,
    paths=_inputs,
    plants=(
        code("unused-import", '"""Planted."""\n\nimport os\n'),
        code("format", '"""Planted."""\n\nLIMIT   =   3\n'),
    ),
)
