"""Running gates side by side, and using evidence again that is about the same inputs."""

import hashlib
import os
import shlex
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

from tospec.errors import TospecError
from tospec.evidence import (
    EvidenceError,
    GateResult,
    Outcome,
    ToolVersion,
    Violation,
    load,
    save,
)
from tospec.gate import tools
from tospec.gate.base import CannotRunError, Findings, Gate, Needs
from tospec.gate.cleaning import cleaned
from tospec.gate.tree import TreeUnderTest

type OnResult = Callable[[GateResult], None]

NOT_BUILT: Final = "tospec did not build this tree (.tospec/manifest.json is not there)"
_IGNORE: Final = "# Evidence is about one tree at one moment; it is made again, not kept.\n*\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How gates are run.

    Attributes:
        skipped: The reason of each gate that somebody decided to skip.
        evidence: The folder that evidence is kept in; None keeps none.
        reuse: Whether evidence of an earlier run may be used.
        jobs: How many gates run at once; 0 for two more than there are processors.
    """

    skipped: Mapping[str, str] = field(default_factory=dict)
    evidence: Path | None = None
    reuse: bool = True
    jobs: int = 0


def evidence_folder(tree: TreeUnderTest, wanted: Path | None) -> Path | None:
    """Return where the evidence about a tree goes: nowhere in a tree that is not tospec's."""
    if wanted is not None:
        return wanted.absolute()
    return tree.root / ".tospec" / "evidence" if tree.built else None


def run_gates(
    tree: TreeUnderTest,
    gates: Sequence[Gate],
    options: RunOptions,
    on_result: OnResult = lambda _: None,
) -> tuple[GateResult, ...]:
    """Run gates side by side and return their results in the order of the gates.

    Nothing that a gate does wrong gets out of here: it fails, and the result says why.
    """
    _prepare(tree, options)
    in_turn = sorted(gates, key=lambda gate: gate.turn)
    done: dict[str, GateResult] = {}
    with ThreadPoolExecutor(options.jobs or _at_once()) as pool:
        waiting = [pool.submit(run_gate, tree, gate, options) for gate in in_turn]
        try:
            for future in as_completed(waiting):
                result = future.result()
                done[result.gate] = result
                on_result(result)
        except BaseException:
            _give_up(waiting)
            raise
    return tuple(done[gate.name] for gate in gates)


def _at_once() -> int:
    """Return how many gates run at once: some of them mostly wait for the tests to end."""
    return (os.cpu_count() or 1) + 2


def run_gate(tree: TreeUnderTest, gate: Gate, options: RunOptions) -> GateResult:
    """Run one gate, or use its evidence again."""
    started = time.monotonic()
    blank = _blank(tree, gate)
    skip = options.skipped.get(gate.name)
    if skip is not None:
        return replace(blank, outcome=Outcome.SKIPPED, reason=cleaned(f"on request: {skip}"))
    try:
        result = _judged(tree, gate, options, blank)
    except CannotRunError as fault:
        result = replace(blank, reason=_told(fault))
    except Exception as fault:
        # A gate that breaks must fail; it must not end the run of the others.
        result = replace(blank, reason=cleaned(f"tospec has a bug here: {fault!r}"))
    if not result.reused:
        result = replace(result, seconds=round(time.monotonic() - started, 3))
        _keep(result, options)
    return result


def _judged(tree: TreeUnderTest, gate: Gate, options: RunOptions, blank: GateResult) -> GateResult:
    reason = NOT_BUILT if gate.needs is Needs.BUILT and not tree.built else gate.applies(tree)
    if reason:
        return replace(blank, outcome=Outcome.SKIPPED, reason=cleaned(reason))
    inputs = tuple(gate.inputs(tree))
    blank = replace(blank, tree=tree.fingerprint(inputs), versions=_versions(tree))
    earlier = _earlier(gate, options)
    if earlier is not None and _is_about(earlier, blank):
        return replace(earlier, reused=True)
    findings = gate.run(tree)
    _keep_records(findings, options)
    broken = sorted(set(inputs) & set(tree.broken))
    return _result(blank, findings, broken)


def _result(blank: GateResult, findings: Findings, broken: Sequence[str]) -> GateResult:
    reason = findings.reason or _shortfall(findings, broken)
    failed = bool(findings.violations or reason)
    return replace(
        blank,
        outcome=Outcome.FAILED if failed else Outcome.PASSED,
        candidates=findings.candidates,
        checked=findings.checked,
        violations=tuple(sorted(map(_clean, findings.violations), key=_place)),
        versions=(*blank.versions, *findings.versions),
        reason=cleaned(reason or findings.note),
    )


def _shortfall(findings: Findings, broken: Sequence[str]) -> str:
    """Return why a gate fails that found nothing wrong; empty if it passes."""
    if broken:
        return f"{len(broken)} files do not parse, such as {broken[0]}; see the gate parses"
    if not findings.candidates:
        return "there is nothing to check, which proves nothing"
    if findings.checked != findings.candidates and not findings.violations:
        return f"only {findings.checked} of {findings.candidates} were checked"
    return ""


def _earlier(gate: Gate, options: RunOptions) -> GateResult | None:
    if options.evidence is None or not options.reuse:
        return None
    with suppress(EvidenceError):
        return load(GateResult, _file(gate.name, options.evidence))
    return None


def _is_about(earlier: GateResult, now: GateResult) -> bool:
    """Whether earlier evidence still speaks: only a pass, on the same inputs, by the same tools."""
    same = earlier.gate == now.gate and earlier.tree == now.tree
    tools_then = earlier.versions[: len(now.versions)]
    return same and tools_then == now.versions and earlier.outcome is Outcome.PASSED


def _keep(result: GateResult, options: RunOptions) -> None:
    """Write evidence; what was skipped is written too, so that no older pass stays there."""
    if options.evidence is not None:
        save(result, _file(result.gate, options.evidence))


def _keep_records(findings: Findings, options: RunOptions) -> None:
    if options.evidence is not None:
        for name, record in findings.records.items():
            save(record, options.evidence / f"{name}.json")


def _file(gate: str, folder: Path) -> Path:
    return folder / "gates" / f"{gate}.json"


def _prepare(tree: TreeUnderTest, options: RunOptions) -> None:
    """Read what all gates share before there are threads, and make the folder of evidence.

    Raises:
        TospecError: If evidence cannot be written.
    """
    _ = tree.paths, tree.environment, tree.manifest
    if options.evidence is None:
        return
    try:
        options.evidence.mkdir(parents=True, exist_ok=True)
        ignore = options.evidence / ".gitignore"
        if not ignore.exists():
            ignore.write_text(_IGNORE, encoding="utf-8")
    except OSError as fault:
        message = f"Cannot write evidence to {options.evidence}: {fault.strerror}."
        raise TospecError(message, "Give --evidence a folder that can be written to.") from fault


def _give_up(waiting: Sequence[Future[GateResult]]) -> None:
    for future in waiting:
        future.cancel()
    tools.RUNNING.end_all()


def _versions(tree: TreeUnderTest) -> tuple[ToolVersion, ...]:
    database = tree.database_url or ""
    known = {
        "tospec gates": own_version(),
        "python": tree.environment.version,
        "packages": tree.environment.digest[:16],
        "database": hashlib.sha256(database.encode()).hexdigest()[:16] if database else "sqlite",
    }
    return tuple(ToolVersion(name=name, version=version) for name, version in known.items())


@cache
def own_version() -> str:
    """Return a hash of this package's own files, so that changed gates judge anew."""
    folder = Path(__file__).parent
    total = hashlib.sha256(sys.version.encode())
    for path in sorted(folder.rglob("*.py")):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def _blank(tree: TreeUnderTest, gate: Gate) -> GateResult:
    return GateResult(
        gate=gate.name,
        title=gate.title,
        outcome=Outcome.FAILED,
        looked_for=gate.looked_for,
        candidates=0,
        checked=0,
        tree="",
        seconds=0.0,
        command=f"tospec gate {shlex.quote(str(tree.root))} --only {gate.name}",
    )


def _clean(found: Violation) -> Violation:
    return replace(
        found, message=cleaned(found.message), fix=cleaned(found.fix), path=cleaned(found.path)
    )


def _place(found: Violation) -> tuple[str, int, int, str, str]:
    return found.path, found.line, found.column, found.rule, found.message


def _told(fault: CannotRunError) -> str:
    return cleaned(f"{fault.message} {fault.help}".strip())
