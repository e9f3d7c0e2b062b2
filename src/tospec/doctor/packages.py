"""Which of the packages that files of requirements name an interpreter has."""

import json
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from tospec.doctor import asking
from tospec.doctor.base import Seen, fine, missing
from tospec.doctor.looking import PATIENCE
from tospec.gate import tools
from tospec.gate.interpreter import normalized

_LARGEST: Final = 1024 * 1024
_SHOWN: Final = 4
_PIN: Final = re.compile(
    r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:===?\s*([^\s;\\#,*]+)(?=[\s;\\#]|$))?(.*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What an interpreter has.

    Attributes:
        python: The interpreter.
        version: Its version of Python.
        packages: Version of each distribution, by normalized name.
        broken: Those of which no module can be found, by normalized name.
        has_pip: Whether it can install packages itself.
        fault: Why nothing is known; empty otherwise.
    """

    python: Path
    version: str = ""
    packages: Mapping[str, str]
    broken: frozenset[str] = frozenset()
    has_pip: bool = True
    fault: str = ""


def shell(*words: str | Path) -> str:
    """Return a command as it is typed into a shell."""
    return shlex.join(map(str, words))


def pinned(line: str) -> tuple[str, str] | None:
    """Return the package that a line of requirements names, and its version or an empty text.

    None for an empty line, a comment, an option, and what depends on the platform.
    """
    text = line.strip()
    found = _PIN.fullmatch(text)
    if not text or text[0] in "#-" or found is None or ";" in text:
        return None
    return found.group(1), found.group(2) or ""


def wanted(file: Path) -> dict[str, str]:
    """Return the version of each package that a file names, by normalized name.

    Files that it takes in by `-r` are read as well.

    Raises:
        OSError: If one of them cannot be read.
    """
    return _wanted(file, frozenset())


class Interpreter:
    """An interpreter that is asked once what it has, however many want to know.

    Attributes:
        python: Its path.
    """

    def __init__(self, python: Path, root: Path) -> None:
        """Name an interpreter, and the folder that it is asked in."""
        self.python = python
        self._root = root
        self._lock = Lock()
        self._has: Installed | None = None

    @property
    def has(self) -> Installed:
        """What it has installed."""
        with self._lock:
            if self._has is None:
                self._has = _asked(self.python, self._root)
            return self._has


def _asked(python: Path, root: Path) -> Installed:
    if str(python) == sys.executable:
        return _installed(python, asking.answered())
    # -I keeps the folder's own modules from answering in the place of Python's.
    done = tools.run([python, "-I", asking.__file__], cwd=root, timeout=PATIENCE)
    said = done.fault or (done.last_line or "it ended with an error" if done.code else "")
    try:
        return _installed(python, json.loads(done.output)) if not said else _unknown(python, said)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _unknown(python, "it does not say what it has installed")


def compared(files: Sequence[Path], has: Installed, mend: str) -> Seen:
    """Return whether an interpreter has what files of requirements name.

    Args:
        files: The files; of one that names a version, that very version is wanted.
        has: What the interpreter has.
        mend: The command that installs them; empty for pip or uv with these files.
    """
    if has.fault:
        return missing(f"{has.python} does not work as an interpreter: {has.fault}", mend)
    versions: dict[str, str] = {}
    for file in files:
        versions |= wanted(file)
    faults = [said for name in sorted(versions) if (said := _fault(name, versions[name], has))]
    if not faults:
        return fine(f"{len(versions)} packages, {has.python}")
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return missing("; ".join(faults[:_SHOWN]) + more, mend or _install(files, has))


def _wanted(file: Path, above: frozenset[Path]) -> dict[str, str]:
    with file.open(encoding="utf-8", errors="replace") as stream:
        lines = stream.read(_LARGEST).splitlines()
    found: dict[str, str] = {}
    for line in lines:
        option, _, other = line.strip().partition(" ")
        inner = file.parent / other.strip()
        if option in {"-r", "--requirement"} and inner not in above:
            found |= _wanted(inner, above | {file, inner})
        elif (named := pinned(line)) is not None:
            found[normalized(named[0])] = named[1]
    return found


def _fault(name: str, version: str, has: Installed) -> str:
    found = has.packages.get(name)
    if found is None:
        return f"{name} {version}".strip() + " is not installed"
    if version and found != version:
        return f"{name} is {found}, not {version}"
    return f"{name} is damaged" if name in has.broken else ""


def _install(files: Sequence[Path], has: Installed) -> str:
    named = [word for file in files for word in ("-r", str(file))]
    if has.has_pip:
        return shell(has.python, "-m", "pip", "install", *named)
    return shell("uv", "pip", "install", "--python", has.python, *named)


def _installed(python: Path, said: Mapping[str, Any]) -> Installed:
    found = {normalized(name): each for name, each in said["found"].items()}
    return Installed(
        python=python,
        version=str(said["version"]),
        packages={name: str(version) for name, (version, _) in found.items()},
        broken=frozenset(name for name, (_, there) in found.items() if not there),
        has_pip=bool(said["pip"]),
    )


def _unknown(python: Path, fault: str) -> Installed:
    return Installed(python=python, packages={}, fault=fault)
