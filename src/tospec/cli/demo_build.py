"""Building the example, unless it is there already."""

import hashlib
import json
from pathlib import Path
from typing import Final

import tospec
from tospec import pipeline
from tospec.cli import outcome, terminal
from tospec.cli.demo_folder import own_folder, write_private
from tospec.errors import SourceError, TospecError
from tospec.output import read_manifest

_RECORD: Final = "built.json"


class ExampleError(TospecError):
    """The bundled example cannot be built."""

    exit_code = 1


def ensure(target: Path) -> str:
    """Build the example into a folder, unless it holds just that; say what was done.

    Raises:
        TargetError: If the folder is not one to write to.
        ClashError: If somebody's work would be lost.
        ExampleError: If the example does not pass assessment.
    """
    spec = pipeline.example()
    record = json.dumps({"spec": _spec_digest(spec), "tool": _tool_digest()})
    if _is_current(target, record):
        return f"Took {target} as it is: the spec and all its files are unchanged."
    said = _build(spec, target)
    write_private(own_folder(target) / _RECORD, record)
    return said


def _build(spec: Path, target: Path) -> str:
    reading = pipeline.read(str(spec))
    assessment = pipeline.assess(reading)
    if outcome.verdict_of(assessment) is not outcome.Verdict.COMPLETE:
        outcome.explain(reading, assessment)
        message = f"The bundled example, {spec}, does not pass assessment."
        raise ExampleError(message, "Install tospec again.")
    with terminal.progress("Building"):
        plan = pipeline.build(reading, target).plan
    written = len(plan.created) + len(plan.changed)
    return f"Built {target} from {spec}: {written} files written, {len(plan.unchanged)} unchanged."


def _is_current(target: Path, record: str) -> bool:
    manifest = read_manifest(target)
    kept = target / ".demo" / _RECORD
    if manifest is None or not kept.is_file() or kept.read_text(encoding="utf-8") != record:
        return False
    files = manifest.files.items()
    return all(_digest_of(target / path) == entry.sha256 for path, entry in files)


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _spec_digest(spec: Path) -> str:
    files = sorted(spec.glob("*.md"))
    if not files:
        message = f"The bundled example is not at {spec}."
        raise SourceError(message, "Install tospec again.")
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _tool_digest() -> str:
    """Return what changes with the installed tool, or with a file of a checkout."""
    home = Path(tospec.__file__).parent
    marks = sorted(
        f"{path.relative_to(home)} {(found := path.stat()).st_size} {found.st_mtime_ns}"
        for path in home.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    )
    return hashlib.sha256("\n".join((tospec.__version__, *marks)).encode()).hexdigest()
