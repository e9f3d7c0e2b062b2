"""Measure spec to tree: time, peak memory and lines an entity, beside a peer.

Run with `make bench`. The peer is fastapi-code-generator, which makes models and empty routes from
an OpenAPI document; it is measured in the same run, in an environment of its own. Each measurement
is one process, so that its peak memory is its own.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from specs import openapi_of, spec_of

SIZES = (10, 100, 1000)


@dataclass(frozen=True)
class Measurement:
    """One run of one generator. Seconds, mebibytes, lines of Python."""

    generator: str
    entities: int
    seconds: float
    peak: float
    lines: int


def main() -> None:
    """Print one table for tospec and, if it is given, the peer."""
    arguments = _arguments()
    print(f"# {platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print("| generator | entities | seconds | peak MiB | Python lines | lines an entity |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for entities in arguments.sizes:
        for found in _measured(entities, arguments.peer):
            each = found.lines / found.entities
            print(
                f"| {found.generator} | {found.entities} | {found.seconds:.2f} |"
                f" {found.peak:.0f} | {found.lines} | {each:.0f} |",
                flush=True,
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--peer", type=Path, help="path of fastapi-codegen")
    return parser.parse_args()


def _measured(entities: int, peer: Path | None) -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        spec = root / "spec.md"
        spec.write_text(spec_of(entities), encoding="utf-8")
        document = root / "openapi.json"
        document.write_text(openapi_of(entities), encoding="utf-8")
        build = [sys.executable, "-m", "tospec", "build", str(spec), "--out", str(root / "ours")]
        found = [_run("tospec", entities, build, root / "ours")]
        if peer:
            generate = [str(peer), "-i", str(document), "-o", str(root / "peer")]
            found.append(_run("fastapi-code-generator", entities, generate, root / "peer"))
        return found


def _run(generator: str, entities: int, command: Sequence[str], tree: Path) -> Measurement:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        errors = process.stderr.read().decode() if process.stderr else ""
        sys.exit(f"{generator} failed with {entities} entities:\n{errors}")
    return Measurement(generator, entities, seconds, _mebibytes(usage), _lines(tree))


def _mebibytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def _lines(tree: Path) -> int:
    files = tree.rglob("*.py")
    return sum(file.read_text(encoding="utf-8").count("\n") for file in files)


if __name__ == "__main__":
    main()
