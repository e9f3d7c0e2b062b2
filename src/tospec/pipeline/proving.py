"""The second half of the story: verify what runs, and report what is proven."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from tospec import __version__
from tospec.errors import TargetError, UsageError
from tospec.evidence import GateResult, Outcome, Verification
from tospec.gate.gates import GATES
from tospec.gate.tree import TreeUnderTest
from tospec.pipeline.building import SPEC_FOLDER, Reading, assess, read, system_of
from tospec.report import exports, page, summary
from tospec.report.folder import files_of, gates_of, tests_of, verification_of
from tospec.report.report import Report, report_of
from tospec.report.trace import Executed
from tospec.verify.base import PlannedCase
from tospec.verify.plan import planned
from tospec.verify.settings import Settings, as_installed

VerifySettings = Settings

_NOTATIONS: Final[dict[str, Callable[[Report], str]]] = {
    "text": summary.as_text,
    "md": exports.as_markdown,
    "html": page.as_html,
    "json": exports.as_json,
    "csv": exports.as_csv,
    "trace": exports.as_trace_manifest,
}


def cases(reading: Reading, only: tuple[str, ...] = ()) -> tuple[PlannedCase, ...]:
    """Return the cases that a verification would put; nothing is sent.

    Raises:
        InvalidSpecError: If the spec has errors.
        UsageError: If `only` names no case.
    """
    from tospec.verify.cases import KINDS  # noqa: PLC0415 - slow to import, and rarely needed

    return planned(system_of(reading), KINDS, only)


def verify(
    reading: Reading,
    settings: VerifySettings,
    *,
    tree: str = "",
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
    checkpoint: Callable[[Verification], None] = lambda partial: None,
) -> Verification:
    """Judge a running system by its spec alone.

    Args:
        reading: A spec without errors.
        settings: Where it runs, and how to judge it.
        tree: Hash of the tree that the target is said to run.
        progress: Is told what is going on, how much of it is done, and how much there is.
        checkpoint: Is given, now and then, what there is so far.

    Raises:
        InvalidSpecError: If the spec has errors.
        UsageError: If the target or the settings are not to be used.
    """
    from tospec.verify.cases import KINDS  # noqa: PLC0415 - slow to import, and rarely needed
    from tospec.verify.preparing import prepared  # noqa: PLC0415 - as above
    from tospec.verify.run import verify as run  # noqa: PLC0415 - as above

    system = as_installed(system_of(reading), settings)
    target, options = prepared(settings, hash_of(reading))
    found = run(system, target, KINDS, options, progress=progress, checkpoint=checkpoint)
    return replace(found, tree=tree)


def report(folder: Path, spec: str | None = None) -> Report:
    """Say for each requirement where it lives and what proves it.

    Args:
        folder: A backend that tospec built.
        spec: Where its spec is; the copy in the backend if it is None.

    Raises:
        UsageError: If tospec did not build what is in the folder.
        InvalidSpecError: If the spec has errors.
    """
    tree = TreeUnderTest(folder)
    if tree.manifest is None:
        message = f"{folder} is not a backend that tospec built."
        raise UsageError(message, "Name the folder that `tospec build --out` was given.")
    reading = read(spec if spec is not None else str(folder / SPEC_FOLDER))
    gates, outdated = _gates_of(tree)
    return report_of(
        system_of(reading),
        tool=__version__,
        spec=hash_of(reading),
        files=files_of(tree.root, tree.manifest),
        executed=Executed(
            tree=tree_hash(folder),
            spec=hash_of(reading),
            tests=tests_of(tree.root),
            verification=verification_of(tree.root),
        ),
        gates=gates,
        outdated=outdated,
        escalations=assess(reading).escalations,
    )


def _gates_of(tree: TreeUnderTest) -> tuple[tuple[GateResult, ...], tuple[str, ...]]:
    """Return the results about the tree as it is, and the names of those about another state."""
    known = {gate.name: gate for gate in GATES}
    current: list[GateResult] = []
    outdated: list[str] = []
    for result in gates_of(tree.root):
        gate = known.get(result.gate)
        same = gate is not None and result.tree == tree.fingerprint(gate.inputs(tree))
        if same or result.outcome is Outcome.SKIPPED:
            current.append(result)
        else:
            outdated.append(result.gate)
    return tuple(current), tuple(outdated)


def report_text(made: Report, notation: str) -> str:
    """Return a report as `text`, `md`, `html`, `json`, `csv` or `trace`."""
    return _NOTATIONS[notation](made)


def save_text(text: str, path: Path) -> None:
    """Write a result to a file, whose folder is made if need be.

    Raises:
        TargetError: If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        message = f"Cannot write {path}: {fault.strerror}."
        raise TargetError(message) from fault


def tree_hash(folder: Path) -> str:
    """Return the hash by which evidence knows the state of a tree.

    Raises:
        UsageError: If there is no such folder.
    """
    tree = TreeUnderTest(folder)
    return tree.fingerprint(tree.paths)


def hash_of(reading: Reading) -> str:
    """Return a hash of all that a spec says, whatever its files are called."""
    texts = (source.text for source in reading.sources)
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
