"""What a project says that it depends on, in whatever file it says so."""

import ast
import configparser
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tospec.gate.interpreter import normalized
from tospec.gate.tree import TreeUnderTest

_LINE: Final = re.compile(
    r"^\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[(?P<extras>[^\]]*)\])?\s*(?P<rest>[^;#]*)"
)
_FILE: Final = re.compile(r"(?:^|/)requirements(?:[^/]*|/[^/]+)\.(?:txt|in)$")
_DEVELOPMENT: Final = re.compile(
    r"dev|test|lint|doc|format|types|typing|ci\b|local|build", re.IGNORECASE
)
LOCKS: Final = frozenset(
    {"Pipfile.lock", "pdm.lock", "poetry.lock", "pylock.toml", "requirements.lock", "uv.lock"}
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A declared dependency.

    Attributes:
        name: The distribution, normalized.
        extras: Its extras.
        version: The constraint as it is written, such as `==1.2` or `^1.2`; may be empty.
        path: The file that declares it.
        line: Its line there; 0 if unknown.
        development: Whether only development needs it.
    """

    name: str
    extras: tuple[str, ...]
    version: str
    path: str
    line: int = 0
    development: bool = False

    @property
    def pinned(self) -> bool:
        """Whether it allows one version only."""
        exact = re.match(r"^={2,3}\s*[^*,\s]+$", self.version.strip())
        return exact is not None or self.version.strip().startswith("@")


def requirements(tree: TreeUnderTest) -> tuple[Requirement, ...]:
    """Return every declared dependency, in order of file.

    Raises:
        ValueError: If a file that declares some cannot be read.
    """
    found: list[Requirement] = []
    for path in tree.paths:
        if path == "pyproject.toml":
            found += _pyproject(path, tree.read(path) or "")
        elif path == "setup.cfg":
            found += _setup_cfg(path, tree.read(path) or "")
        elif path == "setup.py":
            found += _setup_py(tree, path)
        elif path == "Pipfile":
            found += _pipfile(path, tree.read(path) or "")
        elif _FILE.search(path):
            found += _requirements_txt(path, tree.read(path) or "")
    return tuple(found)


def declaring_paths(tree: TreeUnderTest) -> tuple[str, ...]:
    """Return the files that declare or lock dependencies."""
    named = {"pyproject.toml", "setup.cfg", "setup.py", "Pipfile"} | LOCKS
    return tuple(path for path in tree.paths if path in named or _FILE.search(path))


def parsed_line(
    text: str, path: str, line: int = 0, *, development: bool = False
) -> Requirement | None:
    """Return the dependency that a line of the form of PEP 508 declares, or None."""
    match = _LINE.match(text)
    if match is None:
        return None
    extras = tuple(normalized(each.strip()) for each in (match["extras"] or "").split(",") if each)
    version = match["rest"].strip().strip("()").split(" --")[0].strip(" \\")
    return Requirement(normalized(match["name"]), extras, version, path, line, development)


def _requirements_txt(path: str, text: str) -> Iterator[Requirement]:
    development = bool(_DEVELOPMENT.search(path.rpartition("/")[2]))
    for number, line in enumerate(text.split("\n"), 1):
        if (
            not line.strip()
            or line.lstrip().startswith(("#", "-", "git+", "http:", "https:"))
            or line[0] == " "
        ):
            continue
        found = parsed_line(line, path, number, development=development)
        if found:
            yield found


def _pyproject(path: str, text: str) -> Iterator[Requirement]:
    document = _toml(path, text)
    project = _table(document.get("project"))
    yield from _lines(project.get("dependencies"), path)
    for group, lines in _table(project.get("optional-dependencies")).items():
        yield from _lines(lines, path, development=bool(_DEVELOPMENT.search(group)))
    for lines in _table(document.get("dependency-groups")).values():
        yield from _lines(lines, path, development=True)
    tools = _table(document.get("tool"))
    yield from _lines(_table(tools.get("uv")).get("dev-dependencies"), path, development=True)
    poetry = _table(tools.get("poetry"))
    yield from _poetry(poetry.get("dependencies"), path)
    yield from _poetry(poetry.get("dev-dependencies"), path, development=True)
    for group in _table(poetry.get("group")).values():
        yield from _poetry(_table(group).get("dependencies"), path, development=True)


def _pipfile(path: str, text: str) -> Iterator[Requirement]:
    document = _toml(path, text)
    yield from _poetry(document.get("packages"), path)
    yield from _poetry(document.get("dev-packages"), path, development=True)


def _poetry(table: Any, path: str, *, development: bool = False) -> Iterator[Requirement]:
    for name, value in _table(table).items():
        if name.lower() == "python":
            continue
        said = _table(value)
        version = value if isinstance(value, str) else str(said.get("version", ""))
        if any(key in said for key in ("git", "path", "url")):
            version = "@ elsewhere"
        elif version[:1].isdigit():
            version = f"=={version}"
        extras = tuple(normalized(str(each)) for each in said.get("extras", ()))
        yield Requirement(normalized(name), extras, version, path, 0, development)


def _setup_cfg(path: str, text: str) -> Iterator[Requirement]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as fault:
        message = f"{path} cannot be read: {fault}"
        raise ValueError(message) from fault
    installed = parser.get("options", "install_requires", fallback="")
    yield from _lines(installed.split("\n"), path)


def _setup_py(tree: TreeUnderTest, path: str) -> Iterator[Requirement]:
    module = tree.module(path)
    for node in module.nodes if module else ():
        if isinstance(node, ast.keyword) and node.arg == "install_requires":
            texts = [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant)]
            yield from _lines(texts, path)


def _lines(lines: Any, path: str, *, development: bool = False) -> Iterator[Requirement]:
    texts: Iterable[Any] = lines if isinstance(lines, list) else ()
    for text in texts:
        if isinstance(text, str) and text.strip():
            found = parsed_line(text, path, development=development)
            if found:
                yield found


def _toml(path: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        message = f"{path} cannot be read: {fault}"
        raise ValueError(message) from fault


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
