"""What the processes of the score do, each piece for itself."""

import shutil
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.verify.faults import FAULTS
from tests.verify.faults.hunt import Hunt, hunt
from tests.verify.liars import Liar, lying
from tests.verify.mutants import Mutant, mutants
from tests.verify.mutants.sighting import Sighting, sight
from tests.verify.peers.todo.service import serving as serving_peer
from tests.verify.putting import Plan
from tests.verify.serving import ROOT, TASKHUB, Template, serving
from tests.verify.stubbing import OUTSIDE, Outside
from tospec import read
from tospec.evidence import Case, Outcome
from tospec.model import System

TODO_SPEC = ROOT / "examples" / "todo" / "spec.md"
LIE_KINDS = ("answers", "authentication", "role-matrix", "isolation", "sessions", "health")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A whole run against something.

    Attributes:
        failed: Cases that failed.
        inconclusive: Cases that came to nothing.
    """

    name: str
    cases: int
    failed: tuple[Case, ...]
    inconclusive: tuple[Case, ...]
    seconds: float

    def __str__(self) -> str:
        """Return one line of it."""
        return f"{self.name}: {len(self.failed)} failed, {len(self.inconclusive)} inconclusive"

    @property
    def is_clean(self) -> bool:
        """Whether nothing failed and every case came to something."""
        return not self.failed and not self.inconclusive


@cache
def taskhub() -> System:
    """Return the system of the example."""
    return system_of(TASKHUB)


def system_of(spec: Path) -> System:
    """Return the system of a spec.

    Raises:
        ValueError: If it has errors.
    """
    system = read(spec).system
    if system is None:
        message = f"{spec} has errors."
        raise ValueError(message)
    return system


@cache
def _plan() -> Plan:
    return Plan.of(taskhub())


@cache
def all_mutants() -> tuple[Mutant, ...]:
    """Return every mutant of the example's spec."""
    return tuple(mutants(taskhub()))


def hunt_one(place: int, template: Path, alarms: Collection[str]) -> Hunt:
    """Hunt one fault, by its place in the list of faults."""
    folder = template.parent / f"fault-{place}"
    try:
        return hunt(FAULTS[place], _plan(), Template(template), folder, alarms=alarms)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sight_one(place: int, url: str, alarms: Collection[str]) -> Sighting:
    """Look for one mutant, by its place in the list of mutants."""
    return sight(all_mutants()[place], url, alarms=alarms)


def run_clean(url: str, seed: int) -> Run:
    """Put every case to a backend that is as it should be."""
    return _run(f"seed {seed}", _plan(), url, seed=seed)


def run_stubbed(template: Path, seed: int) -> Run:
    """Put the cases that need more than a client to a backend that has to do with all of it."""
    plan, folder = _plan(), template.parent / f"stubbed-{seed}"
    outside = Outside.beside(folder)
    began = time.monotonic()
    try:
        with serving(Template(template).copy(folder), outside.settings) as url:
            cases = plan.put(url, plan.of_kinds(sorted(OUTSIDE)), seed=seed, outside=outside)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _came_to(f"seed {seed}, with all that is outside", cases, began)


def run_peer() -> Run:
    """Put every case of the todo spec to the backend that was written by hand."""
    with serving_peer() as url:
        return _run("todo, by hand in Flask", Plan.of(system_of(TODO_SPEC)), url, seed=1)


def run_liar(liar: type[Liar]) -> Run:
    """Put cases to a liar."""
    with lying(liar) as url:
        return _run(liar.__name__, Plan.of(taskhub(), LIE_KINDS), url, seed=1)


def _run(name: str, plan: Plan, url: str, *, seed: int) -> Run:
    began = time.monotonic()
    return _came_to(name, plan.put(url, plan.cases, seed=seed), began)


def _came_to(name: str, cases: Sequence[Case], began: float) -> Run:
    return Run(
        name=name,
        cases=len(cases),
        failed=tuple(case for case in cases if case.outcome is Outcome.FAILED),
        inconclusive=tuple(case for case in cases if case.outcome is Outcome.INCONCLUSIVE),
        seconds=time.monotonic() - began,
    )
