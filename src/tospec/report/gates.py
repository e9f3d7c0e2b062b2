"""Results of gates for people, at most a screen of them, and for programs."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

from tospec.evidence import GateResult, Outcome, Violation, worst
from tospec.report.plain import line, plain

MAX_LINES: Final = 60
_WIDTH: Final = 160
_CANARY: Final = "canary-"
_ORDER: Final = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.SKIPPED, Outcome.PASSED)


def verdict(results: Sequence[GateResult]) -> Outcome:
    """Return the verdict over some gates: passed if each that was not skipped passed."""
    return worst(result.outcome for result in results)


def as_text(results: Sequence[GateResult]) -> str:
    """Return results for people: the next action, one line a gate, then what was wrong.

    Returns:
        At most `MAX_LINES` lines; what does not fit is counted.
    """
    lines = [_next(results), *_gates(results)]
    found = [(each.gate, violation) for each in results for violation in each.violations]
    room = MAX_LINES - len(lines) - 1
    shown = found if len(found) <= room else found[: max(room - 1, 0)]
    lines += [""] if shown else []
    lines += [_shortened(_place(violation, gate)) for gate, violation in shown]
    if len(shown) < len(found):
        lines.append(f"… and {len(found) - len(shown):,} more; --format json lists all.")
    return "\n".join(lines[:MAX_LINES])


def as_data(results: Sequence[GateResult]) -> dict[str, Any]:
    """Return results for programs."""
    outcome = verdict(results)
    return {
        "verdict": outcome,
        "exit_code": 0 if outcome is Outcome.PASSED else 1,
        "next": _next(results),
        "counts": {each.value: _count(results, each) for each in _ORDER},
        "gates": [_cleaned(dataclasses.asdict(result)) for result in results],
    }


def _next(results: Sequence[GateResult]) -> str:
    """Return what to do next or, when there is nothing, that everything passed."""
    failed = [each for each in results if each.outcome is Outcome.FAILED]
    if failed:
        return _shortened(f"Next: {_action(failed[0])}")
    passed, skipped = _count(results, Outcome.PASSED), _count(results, Outcome.SKIPPED)
    if not passed:
        return "Nothing was judged, which proves nothing: every gate was skipped."
    left_out = f"; {skipped} skipped, which proves nothing of what they look for" if skipped else ""
    return f"{passed} of {len(results)} gates passed{left_out}."


def _action(failed: GateResult) -> str:
    if not failed.violations:
        return f"{failed.gate}: {line(failed.reason)}"
    first = failed.violations[0]
    return f"{_place(first, failed.gate)} {line(first.fix)}"


def _gates(results: Sequence[GateResult]) -> list[str]:
    gates = [each for each in results if not each.gate.startswith(_CANARY)]
    ordered = sorted(gates, key=lambda each: _ORDER.index(each.outcome))
    width = max((len(each.gate) for each in ordered), default=0)
    lines = [f"{each.outcome:8} {each.gate:{width}}  {_summary(each)}" for each in ordered]
    return [_shortened(text.rstrip()) for text in lines] + _canaries(results)


def _canaries(results: Sequence[GateResult]) -> list[str]:
    tried = [each for each in results if each.gate.startswith(_CANARY)]
    planted = sum(each.candidates for each in tried)
    missed = sum(len(each.violations) or each.outcome is Outcome.FAILED for each in tried)
    text = f"canaries: {planted - missed} of {planted} planted violations were rejected"
    return [text] if tried else []


def _summary(result: GateResult) -> str:
    if result.outcome is Outcome.SKIPPED:
        return line(result.reason)
    looked_for = f"{result.checked:,} {line(result.looked_for)}"
    found = len(result.violations)
    wrong = f"{found:,} wrong in " if found else ""
    note = f"; {line(result.reason)}" if result.reason else ""
    if result.outcome is Outcome.FAILED and not found:
        return line(result.reason)
    return f"{wrong}{looked_for} ({_time(result)}){note}"


def _time(result: GateResult) -> str:
    return "unchanged" if result.reused else f"{result.seconds:.1f} s"


def _place(found: Violation, gate: str) -> str:
    numbers = f":{found.line}:{found.column}" if found.line else ""
    place = f"{line(found.path)}{numbers}: " if found.path else ""
    return f"{place}{line(found.message)} ({gate})"


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _count(results: Sequence[GateResult], outcome: Outcome) -> int:
    return sum(each.outcome is outcome for each in results)


def _cleaned(value: Any) -> Any:
    """Return a document without control characters in any of its texts."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: _cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return value
