"""The table of verbs: what each needs of a machine and of a backend's folder."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tospec.doctor import machine
from tospec.doctor.backend import BackendFolder
from tospec.doctor.base import Finding, Health, Outcome, Probe, Seen, VerbHealth, optional
from tospec.doctor.database import reached
from tospec.doctor.looking import looked
from tospec.doctor.packages import Interpreter, compared

POSTGRESQL: Final = "TOSPEC_TEST_POSTGRES"
_ALL: Final = ("python", "libraries")
VERBS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "assess": _ALL,
        "expand": _ALL,
        "build": (*_ALL, "formatter", "temporary-folder"),
        "demo": (*_ALL, "formatter", "temporary-folder", "working-folder", "runtime", "loopback"),
        "gate": (
            *_ALL,
            *("temporary-folder", "loopback", "runtime", "tools", "postgresql"),
            *("interpreter", "locked-packages", "test-packages"),
        ),
        "verify": _ALL,
        "report": _ALL,
        "serve": ("interpreter", "locked-packages", "settings", "database", "loopback"),
    }
)
"""What each verb needs; `serve` is what one does with a backend's folder."""
_OWN: Final = frozenset({"runtime", "tools"})


@dataclass(frozen=True, slots=True)
class Bundled:
    """The files of requirements of the backends that this tospec builds."""

    runtime: Path
    tools: Path


def examined(bundled: Bundled, folder: Path | None) -> Health:
    """Look at this machine and, if there is one, at a backend's folder.

    Each look is bounded in time, and nothing is changed.

    Raises:
        UsageError: If there is no such folder.
    """
    running = Interpreter(Path(sys.executable), bundled.runtime.parent)
    backend = BackendFolder(folder, running) if folder is not None else None
    probes = [*_machine(bundled, running), *(backend.probes() if backend else ())]
    needs = _needs(backend)
    findings = [_finding(name, seen, needs) for name, seen in looked(probes).items()]
    return Health(
        findings=tuple(findings), verbs=tuple(_verb(name, findings, needs) for name in needs)
    )


def _machine(bundled: Bundled, running: Interpreter) -> tuple[Probe, ...]:
    return (
        Probe("python", machine.python),
        Probe("libraries", machine.libraries),
        Probe("formatter", machine.formatting),
        Probe("temporary-folder", machine.temporary_folder),
        Probe("working-folder", machine.working_folder),
        Probe("loopback", machine.loopback),
        Probe("runtime", lambda: compared([bundled.runtime], running.has, "")),
        Probe("tools", lambda: compared([bundled.tools], running.has, "")),
        Probe("postgresql", lambda: _postgresql(bundled.runtime.parent, running.python)),
        Probe("terminal", machine.terminal),
        Probe("git", machine.git),
    )


def _postgresql(here: Path, python: Path) -> Seen:
    url = os.environ.get(POSTGRESQL, "")
    if not url:
        return optional(f"{POSTGRESQL} is not set: gates and tests run on SQLite only.")
    return reached(url, here, python, POSTGRESQL)


def _needs(backend: BackendFolder | None) -> dict[str, tuple[str, ...]]:
    """Return what each verb needs here: a backend's own interpreter stands in for ours."""
    if backend is None:
        return {verb: names for verb, names in VERBS.items() if verb != "serve"}
    gate = tuple(name for name in VERBS["gate"] if name not in _OWN)
    return {**VERBS, "gate": gate}


def _finding(name: str, seen: Seen, needs: Mapping[str, tuple[str, ...]]) -> Finding:
    return Finding(
        name=name,
        outcome=seen.outcome,
        said=seen.said,
        mend=seen.mend,
        needed_by=tuple(verb for verb, names in needs.items() if name in names),
    )


def _verb(name: str, findings: list[Finding], needs: Mapping[str, tuple[str, ...]]) -> VerbHealth:
    lacks = [f for f in findings if f.outcome is Outcome.MISSING and f.name in needs[name]]
    return VerbHealth(verb=name, missing=tuple(lacks))
