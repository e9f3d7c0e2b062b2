"""Do every fault to the built example, several times over, and print what has become of its work.

python -m tests.faults [--rounds N] [--only F-42] [--short] [--keep FOLDER]
"""

import argparse
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.faults.case import Case, Outcome
from tests.faults.cases import CASES, NOT_RUN
from tests.faults.cluster import MissingProgramError
from tests.faults.judging import Judged
from tests.faults.running import run

_LINE = "{:28}{:>10}{:>9}{:>10}{:>8}{:>6}{:>9}{:>6}  {:14}{}"
_HEADS = ("case", "injected", "detected", "recovery", "bound", "lost", "doubled", "5xx")


@dataclass(frozen=True, slots=True)
class Line:
    """What is printed of a case, and whether it is how it should be."""

    text: str
    holds: bool | None


def main() -> int:
    """Run the cases; return 1 if anything does not hold, 2 if nothing was run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="how often each")
    parser.add_argument("--only", default="", help="cases whose name has that text")
    parser.add_argument("--short", action="store_true", help="those of the tests, in their size")
    parser.add_argument("--keep", type=Path, help="where histories and logs stay")
    options = parser.parse_args()
    _print(_LINE.format(*_HEADS, "verdict", "control; remarks"))
    chosen = [case for case in CASES if options.only in case.name]
    if options.short:
        chosen = [case for case in chosen if case.short is not None]
    lines = [_line(case, options) for case in chosen * options.rounds]
    for name, reason in NOT_RUN.items():
        if options.only in name:
            _print(f"{name:34} NOT RUN: {reason}")
    ran = [each for each in lines if each.holds is not None]
    held = sum(bool(each.holds) for each in ran)
    _print(f"{held} of {len(ran)} held, {len(lines) - len(ran) + len(NOT_RUN)} not run.")
    return 2 if not ran else int(held < len(ran))


def _line(case: Case, options: argparse.Namespace) -> Line:
    line = _ran(case, options)
    _print(line.text)
    return line


def _ran(case: Case, options: argparse.Namespace) -> Line:
    if reason := case.obstacle():
        return Line(f"{case.name:34} NOT RUN: {reason}", None)
    folder = options.keep / case.name.replace(" ", "-") if options.keep else None
    size = case.short if options.short and case.short is not None else case.long
    try:
        outcome, judged = run(case, size, folder)
    except MissingProgramError as error:
        return Line(f"{case.name:34} NOT RUN: {error} is not installed", None)
    except Exception:  # one that breaks must not hide the others
        return Line(f"{case.name:34} BROKE: {traceback.format_exc(limit=-2)}", False)
    holds = judged.holds and outcome.recovery <= outcome.bound
    told = "".join(f"\n    {line}" for line in judged.told())
    return Line(_shown(case, outcome, judged, holds=holds) + told, holds)


def _shown(case: Case, outcome: Outcome, judged: Judged, *, holds: bool) -> str:
    detected = "-" if outcome.detection is None else f"{outcome.detection:.1f} s"
    remarks = "; ".join(filter(None, (outcome.control, outcome.remark)))
    return _LINE.format(
        case.name,
        outcome.injections,
        detected,
        f"{max(0.0, outcome.recovery):.1f} s",
        f"{outcome.bound:.0f} s",
        judged.lost,
        judged.doubled,
        judged.refused,
        "held" if holds else "DID NOT HOLD",
        remarks,
    )


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # that is what it is for


if __name__ == "__main__":
    sys.exit(main())
