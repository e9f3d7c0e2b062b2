"""Every file that tospec wrote is there, and no code that it did not write."""

import ast
from collections.abc import Iterator
from typing import Final

from tospec.evidence import Violation
from tospec.gate.base import Findings
from tospec.gate.modules import Kind, kind_of
from tospec.gate.planting import code_at, removed
from tospec.gate.static import Rule, TreeGate
from tospec.gate.tree import TreeUnderTest
from tospec.output import Manifest

_MISSING: Final = Rule("missing-file", "Restore it, or build again.")
_BESIDE: Final = Rule(
    "file-beside", "Say in the spec what it is for and build again, or remove it."
)
_MANIFEST: Final = ".tospec/manifest.json"
_SHOWN: Final = 3


def _judge(tree: TreeUnderTest) -> Findings:
    manifest = tree.manifest
    if manifest is None:
        return Findings(candidates=0, checked=0)
    found = (*_missing(tree, manifest), *_beside(tree, manifest))
    total = len(manifest.files) + sum(path not in manifest.files for path in tree.python_paths)
    return Findings(
        candidates=total, checked=total, violations=found, note=_told(_edited(tree, manifest))
    )


def _missing(tree: TreeUnderTest, manifest: Manifest) -> Iterator[Violation]:
    for path in manifest.files:
        if tree.content(path) is None:
            yield _MISSING.at(path, "The file is listed in the manifest, and it is gone.")


def _beside(tree: TreeUnderTest, manifest: Manifest) -> Iterator[Violation]:
    """Yield code of the application or its migrations that no build made; tests are welcome."""
    for path in tree.python_paths:
        is_code = kind_of(path) in {Kind.APPLICATION, Kind.MIGRATION}
        if path not in manifest.files and is_code and not _is_empty(tree, path):
            yield _BESIDE.at(path, "The file is code that no build made.")


def _is_empty(tree: TreeUnderTest, path: str) -> bool:
    module = tree.module(path)
    return module is not None and all(isinstance(n, ast.Expr) for n in module.syntax.body)


def _edited(tree: TreeUnderTest, manifest: Manifest) -> list[str]:
    return [
        path
        for path, entry in manifest.files.items()
        if tree.digest(path) not in {"", entry.sha256}
    ]


def _told(edited: list[str]) -> str:
    if not edited:
        return ""
    more = f" and {len(edited) - _SHOWN} more" if len(edited) > _SHOWN else ""
    return f"edited since the build: {', '.join(edited[:_SHOWN])}{more}"


def _inputs(tree: TreeUnderTest) -> tuple[str, ...]:
    listed = tuple(tree.manifest.files) if tree.manifest else ()
    return (*tree.paths, *listed, _MANIFEST)


GATE: Final = TreeGate(
    name="files",
    title="every file of the build is there, and no other code",
    looked_for="files of the manifest and Python files",
    judge=_judge,
    paths=_inputs,
    plants=(
        removed("missing", "app/main.py"),
        code_at("beside", "app/core/planted.py", "LIMIT = 3\n"),
    ),
)
