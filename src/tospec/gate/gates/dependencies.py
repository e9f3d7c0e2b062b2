"""What is imported is declared, what is declared is used, and versions are pinned."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from tospec.evidence import Violation
from tospec.gate.base import CannotRunError, Findings, Needs
from tospec.gate.distributions import brought, is_part, is_provided, needs_no_import, providers
from tospec.gate.functions import is_for_types
from tospec.gate.interpreter import normalized
from tospec.gate.modules import Kind, Module
from tospec.gate.planting import code, edit_any
from tospec.gate.requirements import LOCKS, Requirement, declaring_paths, requirements
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest

_MISSING: Final = Rule("undeclared-import", "Declare the distribution that provides it.")
_UNUSED: Final = Rule("unused-dependency", "Remove it, or use it.")
_UNPINNED: Final = Rule("unpinned-dependency", "Pin it with ==, or keep a lock file.")
_MENTIONING: Final = (
    ".cfg", ".conf", ".env", ".example", ".html", ".ini", ".md", ".py", ".sh", ".toml", ".yaml",
    ".yml", "Dockerfile", "Makefile", "Procfile", "justfile",
)  # fmt: skip
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*")
# Nobody depends on many of these directly; a list with several of them is a frozen environment.
_INDIRECT: Final = frozenset(
    {"annotated-types", "anyio", "certifi", "charset-normalizer", "h11", "idna", "mako"}
    | {"markupsafe", "pydantic-core", "six", "sniffio", "urllib3"}
)
_FROZEN: Final = 4
# What comes with Python's own tools for packages.
_WITH_PYTHON: Final = frozenset({"_distutils_hack", "pip", "pkg_resources", "setuptools"})
_LARGEST: Final = 1_000_000


def _judge(tree: TreeUnderTest) -> Findings:
    try:
        declared = requirements(tree)
    except ValueError as fault:
        raise CannotRunError(f"{fault}.", "Mend the file.") from fault
    if not declared:
        message = "Nothing declares dependencies: no pyproject.toml, requirements.txt or setup.cfg."
        raise CannotRunError(message, "Declare them.")
    imports = _imports(tree)
    found = (*_missing(tree, imports, declared), *_unused(tree, declared))
    total = len(imports) + len(declared)
    return Findings(
        candidates=total, checked=total, violations=(*found, *_unpinned(tree, declared))
    )


def _imports(tree: TreeUnderTest) -> dict[str, tuple[Module, ast.AST]]:
    """Return where each foreign top-level module is imported first, other than optionally."""
    own = _own_modules(tree)
    found: dict[str, tuple[Module, ast.AST]] = {}
    judged = [each for each in tree.modules if each.kind is not Kind.EXAMPLE]
    for module in sorted(judged, key=lambda each: each.kind is not Kind.APPLICATION):
        optional = _optional(module)
        for node in module.nodes:
            for name in _top_levels(node):
                is_foreign = name not in own and name not in tree.environment.standard
                if is_foreign and id(node) not in optional:
                    found.setdefault(name, (module, node))
    return found


def _own_modules(tree: TreeUnderTest) -> frozenset[str]:
    """Return every name by which a module of the tree may be imported from some folder of it."""
    own: set[str] = {*_WITH_PYTHON, tree.root.name.replace("-", "_")}
    for path in tree.python_paths:
        parts = PurePosixPath(path).with_suffix("").parts
        own.update(parts)
    return frozenset(own)


def _optional(module: Module) -> set[int]:
    """Return the ids of imports that may fail or serve only the checker of types."""
    found: set[int] = set()
    for node in module.nodes:
        is_tried = isinstance(node, ast.Try) and any(_catches_import(h) for h in node.handlers)
        if is_tried or is_for_types(node):
            found.update(id(inner) for inner in ast.walk(node))
    return found


def _catches_import(handler: ast.ExceptHandler) -> bool:
    caught = ast.unparse(handler.type) if handler.type else "Exception"
    return re.search(r"ImportError|ModuleNotFoundError|\bException\b", caught) is not None


def _top_levels(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Import):
        return tuple(alias.name.partition(".")[0] for alias in node.names)
    if isinstance(node, ast.ImportFrom) and not node.level and node.module:
        return (node.module.partition(".")[0],)
    return ()


def _missing(
    tree: TreeUnderTest,
    imports: dict[str, tuple[Module, ast.AST]],
    declared: tuple[Requirement, ...],
) -> Iterator[Violation]:
    names = frozenset(
        name for each in declared for name in (each.name, *brought(each.name, each.extras))
    )
    for name, (module, node) in sorted(imports.items()):
        if not is_provided(name, names, tree.environment):
            message = f"{name} is imported, but no declared dependency provides it."
            yield _MISSING.broken(module, node, message)


def _unused(
    tree: TreeUnderTest,
    declared: tuple[Requirement, ...],
) -> Iterator[Violation]:
    every = {name for m in tree.modules for node in m.nodes for name in _top_levels(node)}
    used = {name for module in every for name in providers(module, tree.environment)}
    judged = {each.name: each for each in declared if not each.development}
    if _is_compiled(tree, judged):
        return
    names = frozenset(each.name for each in declared)
    mentioning = _Mentions(tree)
    for name, each in sorted(judged.items()):
        is_used = name in used or any(is_part(name, module, names) for module in every)
        if not (is_used or needs_no_import(name) or mentioning.have(name)):
            message = f"{name} is declared, but nothing imports or names it."
            yield _UNUSED.at(each.path, message, each.line)


def _is_compiled(tree: TreeUnderTest, judged: dict[str, Requirement]) -> bool:
    """Return whether the list is what a resolver gave, with what others depend on."""
    texts = [tree.read(path) or "" for path in sorted({each.path for each in judged.values()})]
    is_told = any("autogenerated" in text or "# via" in text for text in texts)
    return is_told or len(_INDIRECT & judged.keys()) >= _FROZEN


class _Mentions:
    """The names that a project's files mention, apart from where dependencies are declared."""

    def __init__(self, tree: TreeUnderTest) -> None:
        declaring = set(declaring_paths(tree))
        paths = (p for p in tree.paths if p not in declaring and p.endswith(_MENTIONING))
        contents = (tree.content(path) or b"" for path in paths)
        texts = [c.decode("utf-8", "replace") for c in contents if len(c) < _LARGEST]
        tools = re.findall(r"^\[tool\.([\w-]+)", tree.read("pyproject.toml") or "", re.MULTILINE)
        words = {word for text in (*texts, " ".join(tools)) for word in _WORD.findall(text)}
        # `sentry_sdk.integrations.aiohttp` mentions aiohttp, too.
        parts = {part for word in words for part in word.split(".")}
        self._words = {normalized(word) for word in words | parts}

    def have(self, name: str) -> bool:
        """Return whether a distribution is named somewhere."""
        return name in self._words


def _unpinned(tree: TreeUnderTest, declared: tuple[Requirement, ...]) -> Iterator[Violation]:
    if any(PurePosixPath(path).name in LOCKS for path in tree.paths) or _is_locked_above(tree):
        return
    for each in declared:
        if not each.pinned:
            version = f" {each.version}" if each.version else ""
            message = f"{each.name}{version} allows several versions, and nothing locks it."
            yield _UNPINNED.at(each.path, message, each.line)


def _is_locked_above(tree: TreeUnderTest) -> bool:
    """Return whether the tree is a member of a workspace that has a lock file."""
    for folder in tuple(tree.root.parents)[:3]:
        if any((folder / name).is_file() for name in LOCKS):
            return (folder / "pyproject.toml").is_file()
    return False


def _inputs(tree: TreeUnderTest) -> tuple[str, ...]:
    mentioning = tuple(path for path in tree.paths if path.endswith(_MENTIONING))
    return (*tree.python_paths, *mentioning, *declaring_paths(tree))


_DECLARING: Final = ("requirements.txt", "pyproject.toml")


def _with_unused(text: str) -> str:
    """Declare what nothing uses, in the notation of the file."""
    for heading, line in (
        ("\ndependencies = [", '    "zope-planted==1.0",'),
        ("\n[tool.poetry.dependencies]", 'zope-planted = "1.0"'),
    ):
        if heading in text:
            return text.replace(heading, f"{heading}\n{line}", 1)
    return text if "\n[" in text else f"{text.rstrip()}\nzope-planted==1.0\n"


GATE: Final = TreeGate(
    name="dependencies",
    title="imports are declared, declared is used, versions are pinned",
    looked_for="imported modules and declared dependencies",
    needs=Needs.ANY,
    judge=_judge,
    paths=_inputs,
    plants=(
        code("undeclared", "import zope_planted_module\n"),
        edit_any("unused", _DECLARING, _with_unused),
    ),
)
