"""Putting chosen cases to a target, all of them or until one finds something."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Final

from tests.verify.stubbing import Outside
from tospec.evidence import Case, Outcome
from tospec.model import Budget, System, Times
from tospec.model.budgets import covered
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases import KINDS
from tospec.verify.run import Options, verify
from tospec.verify.wire.target import target_of

_JOBS: Final = 4
_FEW_ROWS: Final = 220
_SLOW: Final = 800
"""Milliseconds that hardly any answer takes, however busy the machine is."""
_NEVER_KEPT: Final = 2
"""Milliseconds within which no answer comes."""
_IN_SMALL_BUDGETS: Final = ("GetTask", "ListTasks", "CreateTask", "UpdateTask")
_DEAR: Final = 30
"""Cases that send more requests come last."""


class Chosen:
    """Cases that were planned before, as a kind of their own."""

    name = "chosen"

    def __init__(self, cases: Sequence[PlannedCase]) -> None:
        self._cases = cases

    def plan(self, system: System) -> Iterator[PlannedCase]:
        """Yield them; they belong to the system that they were planned for."""
        del system
        yield from self._cases


@dataclass(frozen=True, slots=True)
class Plan:
    """A system and all cases that it calls for."""

    system: System
    cases: tuple[PlannedCase, ...]

    @classmethod
    def of(cls, system: System, kinds: Collection[str] = ()) -> "Plan":
        """Plan the cases of a system; only those of `kinds`, if there are any.

        Budgets are cut down to what takes seconds, and to times that a busy machine keeps too.
        """
        wanted = (kind for kind in KINDS if not kinds or kind.name in kinds)
        budgets = tuple(_small(system, budget) for budget in system.budgets)
        system = replace(system, budgets=budgets)
        return cls(system, tuple(case for kind in wanted for case in kind.plan(system)))

    def of_kinds(self, kinds: Sequence[str], about: Sequence[str] = ()) -> tuple[PlannedCase, ...]:
        """Return the cases of some kinds, kind by kind, that are about something of `about`."""
        return tuple(
            case
            for kind in kinds
            for case in self.cases
            if case.kind == kind and is_about(case, about)
        )

    def put(
        self,
        url: str,
        cases: Sequence[PlannedCase],
        *,
        seed: int = 1,
        keep: bool = False,
        outside: Outside | None = None,
    ) -> tuple[Case, ...]:
        """Put cases to the target at `url`, and return what became of them.

        Args:
            url: The target.
            cases: Cases of this plan.
            seed: Of everything that is chosen by chance.
            keep: Whether what was made may stay, since the target goes.
            outside: What the target has to do with besides, if anything.
        """
        budgets = all(case.kind == "budgets" for case in cases)
        more = outside.options if outside else {}
        options = Options(seed=seed, jobs=_JOBS, keep=keep, budgets=budgets, **more)
        return verify(self.system, target_of(url), (Chosen(cases),), options).cases

    def search(
        self,
        url: str,
        cases: Sequence[PlannedCase],
        *,
        alarms: Collection[str] = (),
        outside: Outside | None = None,
    ) -> tuple[Case, ...]:
        """Put cases until one fails, and return those that failed; several run at a time.

        Args:
            url: The target.
            cases: Cases of this plan, the likeliest first.
            alarms: Ids of cases whose failure says nothing.
            outside: What the target has to do with besides, if anything.
        """
        found = Event()
        meant = [case for case in cases if case.id not in alarms]
        meant.sort(key=lambda case: case.cost > _DEAR)
        outcomes = self.put(
            url, [_until(found, case) for case in meant], keep=True, outside=outside
        )
        return tuple(case for case in outcomes if case.outcome is Outcome.FAILED)


def _small(system: System, budget: Budget) -> Budget:
    times = tuple(
        replace(each, of=operation.name, limits=((50, _at_leisure(each)),))
        for operation, each in covered(budget, system.operations)
        if operation.name in _IN_SMALL_BUDGETS
    )
    return replace(budget, rows=_FEW_ROWS, users=len(_IN_SMALL_BUDGETS), pause=10, times=times)


def _at_leisure(times: Times) -> int:
    """Return a time that a busy machine keeps too, unless nobody is to keep it."""
    most = times.limits[0][1]
    return most if most < _NEVER_KEPT else _SLOW


def _until(found: Event, case: PlannedCase) -> PlannedCase:
    """Return the case, which does nothing any longer when another has failed before."""

    def run(stage: Stage) -> Judgement:
        if found.is_set():
            return Judgement(outcome=Outcome.SKIPPED, detail="another case failed before")
        judgement = case.run(stage)
        if judgement.outcome is Outcome.FAILED:
            found.set()
        return judgement

    return replace(case, run=run)


def is_about(case: PlannedCase | Case, about: Sequence[str]) -> bool:
    """Return whether element, operation or id of a case hold one of `about`; or it is empty."""
    said = (case.element, case.operation, case.id)
    return not about or any(name in text for name in about for text in said)
