"""A verification for people and for programs: the verdict first, then what to do about it.

Everything that came from the target is escaped here.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tospec.evidence import Case, Outcome, Verification
from tospec.report.diagnostics import escaped

MAX_FAILURES: Final = 20
MAX_OTHERS: Final = 20
_COLUMNS: Final = (Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.SKIPPED)
_LONGEST: Final = 400
_LEGEND: Final = (
    "Replays run in bash. Variables such as $MEMBER_1_TENANT_A sign somebody in;\n"
    "--variables FILE writes those of the people of a run: source FILE."
)


def as_text(verification: Verification) -> str:
    """Return a verification for a terminal: verdict, failures with their replay, coverage."""
    cases = verification.cases
    failed = [case for case in cases if case.outcome is Outcome.FAILED]
    unknown = [case for case in cases if case.outcome is Outcome.INCONCLUSIVE]
    blocks = [
        "\n".join(_head(verification)),
        *("\n".join(_failure(case)) for case in failed[:MAX_FAILURES]),
        _more(failed, MAX_FAILURES, "failed"),
        _LEGEND if any(case.replay.lines for case in failed) else "",
        "\n".join(_inconclusive(case) for case in unknown[:MAX_OTHERS]),
        _more(unknown, MAX_OTHERS, "inconclusive"),
        "\n".join(_table(cases)),
        _list("Not judged:", verification.uncovered),
        _list("Left at the target:", verification.leftovers),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def as_data(verification: Verification) -> dict[str, object]:
    """Return a verification as JSON-ready data."""
    return dataclasses.asdict(verification)


def _head(verification: Verification) -> Iterator[str]:
    counts = Counter(case.outcome for case in verification.cases)
    total = len(verification.cases)
    found = ", ".join(f"{counts[o]} {o}" for o in _COLUMNS if counts[o]) or "nothing was asked"
    yield f"{verification.outcome.upper()}: {found}, of {total} cases"
    if verification.reason:
        yield f"  because   {_shown(verification.reason)}"
    yield f"  target    {_shown(verification.target)}"
    yield (
        f"  run       {verification.requests} requests, {verification.seconds:.1f} s, "
        f"seed {verification.seed}"
    )


def _failure(case: Case) -> Iterator[str]:
    yield f"failed {_shown(case.id)}"
    yield f"  judges    {_shown(_about(case))}"
    yield f"  rule      {_shown(case.rule)}"
    for name in ("reference", "expected", "got", "control", "detail"):
        value = getattr(case, name)
        if value:
            yield f"  {name:<9} {_shown(value)}"
    if case.replay.lines:
        yield "  replay"
        yield from (f"    {escaped(line)}" for line in case.replay.lines)


def _about(case: Case) -> str:
    return " ".join(part for part in (case.element, *case.requirements) if part)


def _inconclusive(case: Case) -> str:
    return f"inconclusive {_shown(case.id)}: {_shown(case.detail or case.control)}"


def _more(cases: Sequence[Case], limit: int, what: str) -> str:
    left = len(cases) - limit
    return f"… and {left} more {what}; --json FILE has all of them." if left > 0 else ""


def _table(cases: Sequence[Case]) -> Iterator[str]:
    counts = Counter((case.kind, case.outcome) for case in cases)
    kinds = list(dict.fromkeys(case.kind for case in cases))
    if not kinds:
        return
    width = max(map(len, (*kinds, "kind of case")))
    yield _row("kind of case", width, list(_COLUMNS))
    for kind in kinds:
        yield _row(escaped(kind), width, [counts[kind, outcome] or "" for outcome in _COLUMNS])
    sums = Counter(case.outcome for case in cases)
    yield _row("total", width, [sums[outcome] for outcome in _COLUMNS])


def _row(name: str, width: int, values: Sequence[object]) -> str:
    cells = "".join(f"{value!s:>14}" for value in values)
    return f"{name:<{width}}{cells}".rstrip()


def _list(title: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    lines = [title, *(f"  {_shown(item)}" for item in items[:MAX_OTHERS])]
    left = len(items) - MAX_OTHERS
    return "\n".join([*lines, *([f"  … and {left} more."] if left > 0 else [])])


def _shown(text: str) -> str:
    return escaped(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
