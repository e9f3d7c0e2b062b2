"""Types are complete, and the strictest checker has nothing to say."""

import re
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from tospec.evidence import Violation
from tospec.gate import tools
from tospec.gate.base import CannotRunError, Findings, Turn
from tospec.gate.modules import Kind, kind_of
from tospec.gate.planting import code
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

_TIMEOUT: Final = 300.0
_CONFIGURATION: Final = "pyproject.toml"
_LINE: Final = re.compile(
    r"^(?P<path>[^:]+\.pyi?):(?P<line>\d+):(?P<column>\d+): error: (?P<message>.*?)"
    r"(?:\s+\[(?P<code>[\w-]+)\])?$"
)
_TOTAL: Final = re.compile(r"(?:no issues found in|checked) (\d+) source file")


def _judge(tree: TreeUnderTest) -> Findings:
    versions = version_of(tree, "mypy")
    loose = _loosened(tree)
    done = _run(tree)
    found = [_violation(match) for match in map(_LINE.match, done.output.split("\n")) if match]
    total = _TOTAL.search(done.output)
    if done.code and not found:
        message = f"mypy did not run: {done.last_line}."
        raise CannotRunError(message, "Install requirements-dev.txt for --python.")
    own = sum(kind_of(path) is Kind.APPLICATION for path in tree.python_paths)
    checked = int(total.group(1)) if total else 0
    missed = f"mypy checked only {checked} of {own} files" if checked < own else ""
    return Findings(
        candidates=max(own, checked),
        checked=checked,
        violations=tuple(found),
        versions=versions,
        reason=loose or missed,
    )


def _loosened(tree: TreeUnderTest) -> str:
    """Return what makes the tree's own configuration less than strict; empty if nothing does."""
    try:
        document = tomllib.loads(tree.read(_CONFIGURATION) or "")
    except tomllib.TOMLDecodeError as fault:
        message = f"{_CONFIGURATION} cannot be read: {fault}."
        raise CannotRunError(message, "Mend it.") from fault
    settings = document.get("tool", {}).get("mypy", {})
    if settings.get("strict") is not True:
        return f"[tool.mypy] in {_CONFIGURATION} does not say strict = true"
    every = [settings, *settings.get("overrides", [])]
    if any(each.get("ignore_errors") for each in every):
        return f"[tool.mypy] in {_CONFIGURATION} ignores errors"
    return ""


def _run(tree: TreeUnderTest) -> tools.Completed:
    with tempfile.TemporaryDirectory(prefix="tospec-types-") as fresh:
        command = ("-P", "-m", "mypy", *_options(tree.cache or Path(fresh)))
        done = tools.run([tree.python, *command], cwd=tree.root, timeout=_TIMEOUT)
    if done.fault:
        message = f"mypy did not end: {done.fault}."
        raise CannotRunError(message, "Try it by hand: python -m mypy.")
    return done


def _options(cache: Path) -> tuple[str, ...]:
    return (
        f"--cache-dir={cache / 'mypy'}",
        "--config-file=pyproject.toml",
        "--show-column-numbers",
        "--no-pretty",
        "--hide-error-context",
        "--no-color-output",
    )


def _violation(match: "re.Match[str]") -> Violation:
    rule = Rule(match["code"] or "type", "Give it the type that it has.")
    return rule.at(match["path"], match["message"], int(match["line"]), int(match["column"]))


def _inputs(tree: TreeUnderTest) -> tuple[str, ...]:
    return (*tree.python_paths, _CONFIGURATION)


GATE: Final = TreeGate(
    name="types",
    title="types are complete and right",
    looked_for="Python files of the application",
    judge=_judge,
    paths=_inputs,
    turn=Turn.EARLY,
    plants=(
        code("wrong", '"""Planted."""\n\nLIMIT: int = "three"\n'),
        code("untyped", '"""Planted."""\n\n\ndef planted(x):\n    return x\n'),
    ),
)
