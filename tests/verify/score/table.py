"""The score as text."""

import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tests.verify.faults.hunt import Hunt
from tests.verify.mutants.sighting import Sighting
from tests.verify.score.work import Run
from tospec import __version__
from tospec.evidence import Case

_WIDTH = 24
_MOST_LINES = 8


def heading() -> str:
    """Return when and with what the score was made."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"tospec {__version__}, Python {platform.python_version()}, {now}"


def of_hunts(hunts: Sequence[Hunt]) -> str:
    """Return what was planted and found, by class; then each fault that was missed."""
    counts = [(hunt.fault.category, bool(hunt.by)) for hunt in hunts]
    seconds = sum(hunt.seconds for hunt in hunts) / max(1, len(hunts))
    lines = _table("planted faults", ("planted", "found", "missed"), counts)
    lines.append(f"{seconds:.1f} s a fault")
    for hunt in hunts:
        if not hunt.by:
            lines.append(f"missed: {hunt.fault.id} ({_why(hunt)})")
    return "\n".join(lines)


def _why(hunt: Hunt) -> str:
    """Return why it could not be planted, or else what should have been noticed."""
    said = hunt.trouble.strip(" \n)").splitlines()
    return f"not planted: {said[-1]}" if said else hunt.fault.requirement


def of_sightings(sightings: Sequence[Sighting]) -> str:
    """Return what was changed in the spec and noticed; then each survivor with the reason."""
    judged = [each for each in sightings if not each.unobservable]
    counts = [(each.category, bool(each.by)) for each in judged]
    seconds = sum(each.seconds for each in judged) / max(1, len(judged))
    lines = _table("spec mutants", ("made", "noticed", "survived"), counts)
    lines.append(f"{seconds:.1f} s a mutant")
    for each in judged:
        if not each.by:
            lines.append(f"survived: {each.id}{f' ({each.trouble})' if each.trouble else ''}")
    lines += [f"not observable: {e.id}: {e.unobservable}" for e in sightings if e.unobservable]
    return "\n".join(lines)


def of_liars(runs: Sequence[Run]) -> str:
    """Return how liars were judged."""
    lines = [f"{'liars':{_WIDTH}} {'failed':>8} {'inconcl.':>8} {'cases':>8}"]
    for run in runs:
        verdict = "caught" if run.failed else "NOT CAUGHT"
        lines.append(f"{_counts(run)}  {verdict}")
    return "\n".join(lines)


def of_clean(title: str, runs: Sequence[Run]) -> str:
    """Return how backends were judged that are as they should be."""
    lines = [f"{title:{_WIDTH}} {'failed':>8} {'inconcl.':>8} {'cases':>8}"]
    for run in runs:
        lines.append(f"{_counts(run)}  {run.seconds:.0f} s")
        lines += list(_told((*run.failed, *run.inconclusive)))
    return "\n".join(lines)


def _counts(run: Run) -> str:
    return f"{run.name:{_WIDTH}} {len(run.failed):8} {len(run.inconclusive):8} {run.cases:8}"


def _told(cases: Iterable[Case]) -> Iterable[str]:
    for case in list(cases)[:_MOST_LINES]:
        why = case.detail or f"expected {case.expected}, got {case.got}"
        yield f"    {case.outcome}: {case.id}: {why[:160]}"


def _table(
    title: str, columns: tuple[str, str, str], counts: Sequence[tuple[str, bool]]
) -> list[str]:
    lines = [f"{title:{_WIDTH}} {columns[0]:>8} {columns[1]:>8} {columns[2]:>8}"]
    for category in (*dict.fromkeys(name for name, _ in counts), ""):
        of_it = [found for name, found in counts if category in ("", name)]
        share = f"  {sum(of_it) / max(1, len(of_it)):.1%}" if not category else ""
        name = category or "together"
        missed = len(of_it) - sum(of_it)
        lines.append(f"{name:{_WIDTH}} {len(of_it):8} {sum(of_it):8} {missed:8}{share}")
    return lines
