"""The hunt for a planted fault: plant it, serve the backend, put the cases that should find it."""

import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.verify.faults.base import Fault
from tests.verify.putting import Plan
from tests.verify.serving import ServingError, Template, patch, serving
from tests.verify.stubbing import OUTSIDE, Outside
from tospec.evidence import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What a hunt came to.

    Attributes:
        by: Cases that failed of those meant to find it; none if it was missed.
        trouble: Why the fault could not be planted; empty when it could.
    """

    fault: Fault
    by: tuple[Case, ...]
    seconds: float
    trouble: str = ""

    def __str__(self) -> str:
        """Return one line of it."""
        return f"{self.fault.id}: {self.by[0].id if self.by else 'missed'}"


def hunt(
    fault: Fault,
    plan: Plan,
    template: Template,
    folder: Path,
    *,
    alarms: Collection[str] = (),
) -> Hunt:
    """Plant a fault in a copy of the backend and look for it.

    Args:
        fault: The fault.
        plan: The cases of the spec.
        template: The backend.
        folder: Where the copy goes.
        alarms: Cases that fail without any fault, and so find nothing.
    """
    began = time.monotonic()
    failed: tuple[Case, ...] = ()
    trouble = ""
    try:
        outside = Outside.beside(folder) if OUTSIDE.intersection(fault.kinds) else None
        settings = outside.settings if outside else {}
        with serving(template.copy(folder, fault.edits), settings) as url:
            cases = plan.of_kinds(fault.kinds, fault.about)
            failed = plan.search(url, cases, alarms=alarms, outside=outside)
    except ServingError as mishap:
        trouble = str(mishap)
    return Hunt(fault=fault, by=failed, seconds=time.monotonic() - began, trouble=trouble)


def misfits(faults: Sequence[Fault], backend: Path) -> list[str]:
    """Return which faults can no longer be planted in `backend`, with the reason."""
    found = []
    for fault in faults:
        with tempfile.TemporaryDirectory() as folder:
            try:
                _try(fault, backend, Path(folder))
            except ServingError as misfit:
                found.append(f"{fault.id}: {misfit}")
    return found


def _try(fault: Fault, backend: Path, folder: Path) -> None:
    for edit in fault.edits:
        copy = folder / edit.path
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() and (backend / edit.path).is_file():
            copy.write_bytes((backend / edit.path).read_bytes())
        patch(folder, edit)
