"""The first half of the story: read, assess, expand, build."""

import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from tospec import __version__, checks, syntax
from tospec.diagnostics import Diagnostic, Escalation
from tospec.errors import TospecError
from tospec.ir.backend import Backend
from tospec.ir.places import Places
from tospec.lowering.backend import backend_of
from tospec.lowering.capability import unbuildable as unbuildable_of
from tospec.model import System
from tospec.output import File, Tree, WritePlan, format_tree, safe_names, write_tree
from tospec.profiles.base import Profile
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE as CQRS

Reading = syntax.Reading
Rule = checks.Check

SPEC_FOLDER: Final = "docs/spec"
"""Where a backend keeps the spec that it was built from."""

_PROFILES: Final[dict[str, tuple[Profile[Backend], Places]]] = {
    "cqrs": (CQRS, CqrsPlaces()),
}


class InvalidSpecError(TospecError):
    """A spec that cannot be built was asked to be."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What keeps a spec from being built.

    Attributes:
        diagnostics: What is wrong with it.
        escalations: What it leaves open; only for a spec without errors.
    """

    diagnostics: tuple[Diagnostic, ...]
    escalations: tuple[Escalation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build did, or would do.

    Attributes:
        target: The output folder.
        plan: What was, or would be, written.
        dry_run: Whether nothing was written.
    """

    target: Path
    plan: WritePlan
    dry_run: bool


def read(path: str | os.PathLike[str]) -> Reading:
    """Read a spec: a file, a folder of files, or `-` for standard input.

    Raises:
        SourceError: If there is nothing to read at `path`.
    """
    return syntax.read(path)


def assess(reading: Reading) -> Assessment:
    """Return what is wrong with a spec or, if nothing is, what it leaves open."""
    if reading.system is None:
        return Assessment(diagnostics=reading.diagnostics, escalations=())
    escalations = checks.assess(reading.system, checks.discover())
    return Assessment(diagnostics=reading.diagnostics, escalations=escalations)


def expand(reading: Reading, notation: str) -> str:
    """Return a spec with its sugar and every adopted convention written out.

    Args:
        reading: A spec without errors.
        notation: `md`, `yaml` or `json`.

    Raises:
        InvalidSpecError: If the spec has errors.
    """
    system_of(reading)
    text, _ = syntax.expand_texts(reading.sources, notation)
    return text or ""


def unbuildable(reading: Reading) -> tuple[Diagnostic, ...]:
    """Return what of a complete spec this version cannot build."""
    return unbuildable_of(system_of(reading))


def render(reading: Reading) -> Tree:
    """Return the files of the backend of a spec, formatted, without writing any.

    Raises:
        InvalidSpecError: If the spec has errors, open questions, or says what cannot be built.
    """
    system = _buildable(reading)
    profile, places = _PROFILES[system.profile]
    tree = format_tree(profile.render(backend_of(system, places)))
    return tree.merged(_spec_files(reading))


def build(reading: Reading, out: Path, *, dry_run: bool = False) -> BuildResult:
    """Write the backend of a spec that passed assessment.

    Raises:
        InvalidSpecError: If the spec has errors, open questions, or says what cannot be built.
        TargetError: If the output folder is not one to write to.
        ClashError: If somebody's work would be lost.
    """
    tree = render(reading)
    plan = write_tree(tree, out, tool_version=__version__, dry_run=dry_run)
    return BuildResult(target=out, plan=plan, dry_run=dry_run)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the blocks of a spec."""
    return syntax.json_schema()


def rules() -> tuple[Rule, ...]:
    """Return the rules of assessment in order of code."""
    return checks.discover()


def example() -> Path:
    """Return where the bundled example spec is."""
    bundled = Path(str(resources.files("tospec"))) / "examples" / "taskhub"
    checkout = Path(__file__).parents[3] / "examples" / "taskhub"
    return bundled if bundled.is_dir() else checkout


def _spec_files(reading: Reading) -> tuple[File, ...]:
    """Return the spec as files of the backend, so that nobody has to look for its contract.

    They keep their names where these are safe everywhere, else they are numbered.
    """
    names = safe_names([source.file for source in reading.sources], suffix=".md")
    return tuple(
        File(f"{SPEC_FOLDER}/{name}", source.text, ("spec",))
        for name, source in zip(names, reading.sources, strict=True)
    )


def system_of(reading: Reading) -> System:
    """Return what a spec without errors says.

    Raises:
        InvalidSpecError: If it has errors.
    """
    if reading.system is None:
        message = f"The spec has {len(reading.diagnostics)} errors."
        raise InvalidSpecError(message)
    return reading.system


def _buildable(reading: Reading) -> System:
    system = system_of(reading)
    unknown = unbuildable_of(system)
    if unknown:
        raise InvalidSpecError(unknown[0].message)
    questions = [e for e in assess(reading).escalations if e.blocking]
    if questions:
        message = f"The spec leaves {len(questions)} questions open."
        raise InvalidSpecError(message)
    return system
