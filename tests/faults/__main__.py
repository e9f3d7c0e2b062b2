"""Do every fault to the built example, several times over, and print what has become of its work.

python -m tests.faults [--rounds N] [--only F-42] [--keep FOLDER]
"""

import argparse
import sys
from pathlib import Path

from tests.faults.cases import CASES, Case
from tests.faults.site import site

_LINE = "{:28}{:>6}{:>12}{:>6}{:>9}{:>10}{:>8}  {}"


def main() -> int:
    """Run the cases; return 1 if anything was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="how often each")
    parser.add_argument("--only", default="", help="cases whose name has that text")
    parser.add_argument("--short", action="store_true", help="in the size of the tests")
    parser.add_argument("--keep", type=Path, help="where histories and logs stay")
    options = parser.parse_args()
    heads = ("case", "jobs", "injections", "lost", "doubled", "recovery", "bound", "")
    print(_LINE.format(*heads))  # noqa: T201
    chosen = [case for case in CASES if options.only in case.name] * options.rounds
    return max([_run(case, options) for case in chosen], default=0)


def _run(case: Case, options: argparse.Namespace) -> int:
    folder = options.keep / case.name.replace(" ", "-") if options.keep else None
    with site(folder) as place:
        outcome = case.act(place, case.short if options.short else case.long)
        verdict = place.verdict()
        print(  # noqa: T201
            _LINE.format(
                case.name,
                len(place.queued),
                outcome.injections,
                len(verdict.lost) + len(verdict.waiting),
                len(verdict.doubled),
                f"{outcome.recovery:.1f} s",
                f"{outcome.bound:.0f} s",
                outcome.remark,
            ),
            flush=True,
        )
    return 0 if verdict.holds and outcome.recovery <= outcome.bound else 1


if __name__ == "__main__":
    sys.exit(main())
