"""What a built tree itself says: its files with their origins, and the evidence kept in it."""

import ast
from pathlib import Path
from typing import Final

from tospec.evidence import EvidenceError, GateResult, TestRun, Verification, load
from tospec.output import Manifest
from tospec.report.trace import SourceFile

EVIDENCE: Final = Path(".tospec", "evidence")


def files_of(root: Path, manifest: Manifest) -> tuple[SourceFile, ...]:
    """Return the generated files that are still there, with what they define."""
    return tuple(
        SourceFile(path=path, origins=entry.origins, symbols=_symbols(root / path))
        for path, entry in manifest.files.items()
        if (root / path).is_file()
    )


def tests_of(root: Path) -> TestRun | None:
    """Return the last run of the tree's own tests; None if there is no readable record."""
    return _kept(TestRun, root / EVIDENCE / "tests.json")


def verification_of(root: Path) -> Verification | None:
    """Return the last verification kept with a tree; None if there is no readable record."""
    return _kept(Verification, root / EVIDENCE / "verification.json")


def gates_of(root: Path) -> tuple[GateResult, ...]:
    """Return the results of the gates in order of name."""
    found = (_kept(GateResult, path) for path in sorted((root / EVIDENCE / "gates").glob("*.json")))
    return tuple(result for result in found if result is not None)


def _kept[Record](kind: type[Record], path: Path) -> Record | None:
    try:
        return load(kind, path)
    except EvidenceError:
        return None


def _symbols(path: Path) -> tuple[str, ...]:
    if path.suffix != ".py":
        return ()
    try:
        body = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        # A file that the parser cannot take in is somebody's own by now; the page names it only.
        return ()
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return tuple(node.name for node in body if isinstance(node, kinds))
