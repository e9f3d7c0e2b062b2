"""Plants faults, lies, changes specs and leaves backends alone; prints what the verifier says."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.verify.faults import FAULTS, Fault
from tests.verify.faults.hunt import Hunt, misfits
from tests.verify.liars import LIARS
from tests.verify.mutants.sighting import Sighting
from tests.verify.score import table
from tests.verify.score.work import (
    Run,
    all_mutants,
    hunt_one,
    run_clean,
    run_liar,
    run_peer,
    run_stubbed,
    sight_one,
)
from tests.verify.serving import TASKHUB, Template, serving

ENOUGH = 0.95
_STUBBED = 3
"""How many clean runs are about other services, for which the verifier stands in."""


class Score:
    """A run of the score with its processes and its backends.

    Args:
        options: What was asked for on the command line.
        folder: Where backends are copied to.
    """

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self._options = options
        self._folder = folder
        self._template = Template.of(TASKHUB / "backend", folder / "template")
        self._alarms: frozenset[str] = frozenset()
        self._is_good = True

    def run(self) -> bool:
        """Print every part as soon as it is known; return whether all are good enough."""
        _print(table.heading())
        wanted = self._options.parts
        for name, part in self._parts().items():
            if not wanted or name in wanted:
                part()
        return self._is_good

    def _parts(self) -> dict[str, Callable[[], None]]:
        return {
            "clean": self._clean,
            "peer": self._peer,
            "liars": self._liars,
            "faults": self._faults,
            "mutants": self._mutants,
        }

    def _clean(self) -> None:
        seeds = range(1, self._options.clean + 1)
        with self._backends() as urls:
            jobs = [(run_clean, urls[seed % len(urls)], seed) for seed in seeds]
            runs: list[Run] = self._all(jobs)
        runs += self._all([(run_stubbed, self._template.folder, seed) for seed in seeds[:_STUBBED]])
        self._alarms = frozenset(case.id for run in runs for case in run.failed)
        self._judge(all(run.is_clean for run in runs))
        _print(table.of_clean("clean runs", runs))

    def _peer(self) -> None:
        runs: list[Run] = self._all([(run_peer,)])
        self._judge(all(run.is_clean for run in runs))
        _print(table.of_clean("other frameworks", runs))

    def _liars(self) -> None:
        runs: list[Run] = self._all([(run_liar, liar) for liar in LIARS])
        self._judge(all(run.failed for run in runs))
        _print(table.of_liars(runs))

    def _faults(self) -> None:
        places = self._chosen([fault.id for fault in FAULTS])
        self._require_fit([FAULTS[place] for place in places])
        folder = self._template.folder
        hunts: list[Hunt] = self._all([(hunt_one, p, folder, self._alarms) for p in places])
        self._judge(_share(bool(hunt.by) for hunt in hunts) >= ENOUGH)
        _print(table.of_hunts(hunts))

    def _require_fit(self, faults: Sequence[Fault]) -> None:
        misfitting = misfits(faults, TASKHUB / "backend")
        if misfitting:
            raise SystemExit("\n".join([*misfitting, "These faults cannot be planted any longer."]))

    def _mutants(self) -> None:
        places = self._chosen([mutant.id for mutant in all_mutants()])
        with self._backends() as urls:
            jobs = [(sight_one, p, urls[n % len(urls)], self._alarms) for n, p in enumerate(places)]
            sightings: list[Sighting] = self._all(jobs)
        seen = (bool(each.by) for each in sightings if not each.unobservable)
        self._judge(_share(seen) >= ENOUGH)
        _print(table.of_sightings(sightings))

    def _chosen(self, ids: Sequence[str]) -> list[int]:
        wanted = self._options.only
        return [p for p, id_ in enumerate(ids) if not wanted or any(w in id_ for w in wanted)]

    def _judge(self, is_good: bool) -> None:
        self._is_good = self._is_good and is_good

    def _all(self, jobs: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Do pieces of work side by side, and return what they gave in their order."""
        context = get_context("spawn")
        found: dict[int, Any] = {}
        with ProcessPoolExecutor(self._options.jobs, mp_context=context) as pool:
            futures = {pool.submit(*job): place for place, job in enumerate(jobs)}
            for future in as_completed(futures):
                found[futures[future]] = future.result()
                _progress(f"{len(found)}/{len(jobs)}", future.result())
        return [found[place] for place in range(len(jobs))]

    @contextmanager
    def _backends(self) -> Iterator[list[str]]:
        with ExitStack() as stack:
            urls = []
            for _ in range(self._options.jobs):
                folder = Path(tempfile.mkdtemp(dir=self._folder)) / "backend"
                urls.append(stack.enter_context(serving(self._template.copy(folder))))
            yield urls


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the score; 0 if every part is good enough."""
    parser = argparse.ArgumentParser(prog="python -m tests.verify.score", description=__doc__)
    parser.add_argument("parts", nargs="*", help="clean, peer, liars, faults, mutants; all")
    parser.add_argument("--clean", type=int, default=20, help="how many clean runs")
    parser.add_argument("--only", nargs="*", default=[], help="parts of names of faults, mutants")
    parser.add_argument("--jobs", type=int, default=2, help="how many backends at a time")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="tospec-score-") as folder:
        return 0 if Score(options, Path(folder)).run() else 1


def _share(found: Iterable[bool]) -> float:
    all_ = list(found)
    return sum(all_) / max(1, len(all_))


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


def _progress(done: str, result: object) -> None:
    """Tell of each piece when it is done, so that a run that is broken off has said what it saw."""
    sys.stderr.write(f"\r{done} " if sys.stderr.isatty() else f"{done} {result}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
