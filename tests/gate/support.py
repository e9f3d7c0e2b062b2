"""Small trees to judge."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tospec.evidence import GateResult, Violation
from tospec.gate.base import Gate
from tospec.gate.gates import GATES
from tospec.gate.run import RunOptions, run_gate
from tospec.gate.tree import TreeUnderTest
from tospec.output.manifest import digest

BY_NAME: Final = {gate.name: gate for gate in GATES}
# Asking an interpreter what it has takes a while; here it is always the same one.
RUNNING: Final = TreeUnderTest(Path(__file__).parent)
TASKHUB: Final = Path(__file__).parents[2] / "examples" / "taskhub" / "backend"


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder and return it."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root


def write_built(root: Path, files: Mapping[str, str]) -> Path:
    """Write files as if tospec had built them."""
    write(root, files)
    listed = [
        {"path": path, "sha256": digest(text.encode()), "origins": []}
        for path, text in sorted(files.items())
    ]
    tool = {"name": "tospec", "version": "0"}
    manifest = {"format": 1, "tool": tool, "files": listed}
    return write(root, {".tospec/manifest.json": json.dumps(manifest)})


def judge(root: Path, gate: str | Gate) -> GateResult:
    """Return the result of one gate on a folder, without evidence."""
    chosen = BY_NAME[gate] if isinstance(gate, str) else gate
    tree = TreeUnderTest(root)
    if tree.python == RUNNING.python:
        tree.environment = RUNNING.environment
    return run_gate(tree, chosen, RunOptions())


def rules(found: tuple[Violation, ...]) -> list[str]:
    """Return the names of the rules of violations."""
    return [violation.rule for violation in found]
