"""The interpreter of a tree, and what it has installed."""

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tospec.errors import UsageError
from tospec.gate import tools

_TIMEOUT: Final = 60.0
_ASK: Final = """
import importlib.metadata as metadata, json, sys
found = {d.name: d.version for d in metadata.distributions() if d.name}
modules = metadata.packages_distributions()
print(json.dumps({
    "version": ".".join(map(str, sys.version_info[:3])),
    "distributions": found,
    "modules": {name: sorted(set(names)) for name, names in modules.items()},
    "standard": sorted(sys.stdlib_module_names),
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What an interpreter has installed.

    Attributes:
        version: Version of Python.
        distributions: Version of each distribution, by its normalized name.
        modules: The distributions, by normalized name, that provide each top-level module.
        standard: Top-level modules of the standard library.
        fault: Why nothing is known; empty otherwise.
    """

    version: str = ""
    distributions: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    standard: frozenset[str] = frozenset()
    fault: str = ""

    @property
    def digest(self) -> str:
        """A hash of all of it."""
        known = json.dumps([self.version, sorted(self.distributions.items()), self.fault])
        return hashlib.sha256(known.encode()).hexdigest()


def interpreter_of(root: Path, wanted: Path | None) -> Path:
    """Return the interpreter for a tree: the wanted one, its own, or the running one.

    Raises:
        UsageError: If the wanted one does not exist.
    """
    if wanted is not None:
        if not wanted.is_file():
            message = f"There is no interpreter {wanted}."
            raise UsageError(message, "Give --python the path of one, such as .venv/bin/python.")
        return wanted.absolute()
    own = root / ".venv" / "bin" / "python"
    return own if own.is_file() else Path(sys.executable)


def environment_of(python: Path, root: Path) -> Environment:
    """Ask an interpreter what it has installed."""
    # -I keeps the tree's own modules from answering in the place of Python's.
    done = tools.run([python, "-I", "-c", _ASK], cwd=root, timeout=_TIMEOUT)
    fault = done.fault or (done.last_line or "it ended with an error" if done.code else "")
    try:
        known = _environment(json.loads(done.output)) if not fault else None
    except (ValueError, KeyError, TypeError, AttributeError):
        known = None
    if known is None:
        said = fault or "it does not say what it has installed"
        return Environment(fault=f"{python} does not work as an interpreter: {said}")
    return known


def normalized(name: str) -> str:
    """Return the name of a distribution as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _environment(known: dict[str, dict[str, list[str]]]) -> Environment:
    modules = known["modules"].items()
    distributions = known["distributions"].items()
    return Environment(
        version=str(known["version"]),
        distributions={normalized(name): str(version) for name, version in distributions},
        modules={name: tuple(map(normalized, names)) for name, names in modules},
        standard=frozenset(known["standard"]),
    )
