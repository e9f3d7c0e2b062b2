"""Measure whether the service keeps its budgets, on a database that is made for it.

SQLite, or with TEST_DATABASE_URL a PostgreSQL server; `python -m tests.load --help` says more.
The exit code is 0 if every budget is kept, 1 if one is not, and 2 if that cannot be told.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.installation import variables
from tests.load.budgets import BUDGETS
from tests.load.kinds import Budget
from tests.load.measuring import WARM, Measured, Samples, measure
from tests.load.situation import situation
from tests.served import start, stop, wait

_KEPT, _MISSED, _UNKNOWN = 0, 1, 2
_SATURATED: Final = 0.7
_FEW: Final = 0.9
_NOTICED: Final = 4
"""Waking up late by a part of the time that is measured is no longer to be neglected."""
_WIDEST: Final = 44


def main() -> int:
    """Measure each budget and print a table of it."""
    given = _arguments()
    os.environ.update(variables())
    codes = []
    for budget in BUDGETS:
        changes = {"rows": given.rows, "users": given.users, "pause": given.pause}
        known = {name: value for name, value in changes.items() if value is not None}
        codes.append(asyncio.run(_judged(replace(budget, **known), given.samples)))
    return max(codes, default=_UNKNOWN)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.load", description=__doc__)
    parser.add_argument("--rows", type=int, help="rows, if not those of the budget")
    parser.add_argument("--users", type=int, help="people, if not those of the budget")
    parser.add_argument("--pause", type=float, help="seconds, if not those of the budget")
    parser.add_argument("--samples", type=int, default=100, help="answers for each line")
    return parser.parse_args()


async def _judged(budget: Budget, samples: int) -> int:
    sys.stderr.write(f"{budget.name}: making {budget.rows:,} rows\n")
    with tempfile.TemporaryDirectory() as folder:
        async with situation(budget, Path(folder)) as made:
            questions = await made.questions(samples + WARM)
            service = start(Path(folder), SECRET_KEY=made.secret, DATABASE_URL=made.url)
            try:
                await asyncio.to_thread(wait, service)
                url = f"http://127.0.0.1:{service.port}"
                measured = await measure(url, questions, budget.pause)
            finally:
                stop(service)
    operations = {question.name: question.operation for question in questions}
    return _told(budget, measured, operations, samples)


def _told(budget: Budget, measured: Measured, operations: dict[str, str], samples: int) -> int:
    """Print a line for each question; return whether the budget is kept."""
    head = f"{'operation':<{_WIDEST}}{'n':>5}{'p50':>9}{'p95':>9}{'p99':>9}  ms"
    _say(head)
    missed = few = 0
    for name, found in sorted(measured.samples.items()):
        missing = list(faults(budget, operations[name], found))
        missed += bool(missing)
        few += len(found.times) < _FEW * samples
        _say(f"{name:<{_WIDEST}.{_WIDEST}}{_line(found)}  {', '.join(missing)}".rstrip())
    summary = (
        f"{budget.users} people, {measured.a_second:.0f} answers a second, "
        f"{100 * measured.busy:.0f} % of a core to ask, waking up {measured.late:.1f} ms late; "
        f"{missed} of {len(measured.samples)} missed"
    )
    _say(summary)
    if _is_overloaded(budget, measured):
        _say("This machine has nothing to spare, so that nothing can be said of the service.")
        return _UNKNOWN
    if few and not missed:
        return _UNKNOWN
    return _MISSED if missed else _KEPT


def _is_overloaded(budget: Budget, measured: Measured) -> bool:
    """Return whether those who asked may be what was slow."""
    limits = [most for times in budget.times.values() for most in times.values()]
    return measured.busy > _SATURATED or measured.late > min(limits, default=0) / _NOTICED


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _line(found: Samples) -> str:
    if not found.times:
        return f"{0:>5}"
    times = (f"{found.percentile(each):>9.1f}" for each in (50, 95, 99))
    return f"{len(found.times):>5}{''.join(times)}"


def faults(budget: Budget, operation: str, found: Samples) -> Iterator[str]:
    """Yield in what the answers to an operation miss the budget."""
    if found.others:
        yield ", ".join(f"{n} times {status}" for status, n in found.others.items())
    for percent, most in budget.times[operation].items() if found.times else ():
        if found.percentile(percent) > most:
            yield f"p{percent} above {most} ms"
    if budget.largest is not None and found.largest > budget.largest:
        yield f"{found.largest} bytes"


if __name__ == "__main__":
    sys.exit(main())
