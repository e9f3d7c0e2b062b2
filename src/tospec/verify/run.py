"""A run: puts the cases that a spec calls for to a target, and says what came of it."""

import secrets as random_secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tospec.evidence import Case, Outcome, Verification
from tospec.model.system import System
from tospec.verify.base import CaseKind, PlannedCase
from tospec.verify.cleanup import clean_up
from tospec.verify.coverage import coverage_of, gaps_of
from tospec.verify.execution import Execution
from tospec.verify.hooks.receiver import receiving
from tospec.verify.ledger import Ledger
from tospec.verify.moving import TargetClock
from tospec.verify.people.identity import identified
from tospec.verify.people.keyring import Keyring
from tospec.verify.people.sign_up import SignUpSource
from tospec.verify.people.source import Grant, Source
from tospec.verify.plan import planned
from tospec.verify.stubs.listener import stubs_of
from tospec.verify.stubs.place import Address, Place
from tospec.verify.verdict import verdict_of
from tospec.verify.wire.admission import Admission
from tospec.verify.wire.client import Limits
from tospec.verify.wire.secrets import Secrets
from tospec.verify.wire.shell import write_variables
from tospec.verify.wire.target import Target
from tospec.verify.world import World

SEEDS: Final = 2**32
_REUSED: Final = (Outcome.PASSED, Outcome.FAILED)
_CHECKPOINT_SECONDS: Final = 5.0

type Progress = Callable[[str, int, int], None]
"""Is told what is going on, how much of it is done, and how much there is."""

type Checkpoint = Callable[[Verification], None]
"""Is given, now and then, what there is so far."""


def _no_progress(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def _no_checkpoint(partial: Verification) -> None:
    """Keep nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run.

    Attributes:
        spec: Hash of the spec.
        seed: Of everything that is chosen by chance.
        jobs: How many cases run at a time.
        budget: Most requests to send; None for as many as it takes.
        rate: Most requests a second; None for as many as there can be.
        only: Beginnings of ids of cases that are wanted; none for all.
        source: Where people come from; None for the system's own sign-up.
        read_only: Whether to send safe methods only.
        guarded: Whether to leave objects alone that this run did not make.
        session_delay: Seconds after which the target must have noticed that access was lost.
        budgets: Whether to measure budgets, which takes minutes and many rows.
        keep: Whether to leave at the target what was made.
        stubs: Where to stand in for services that the target asks.
        hooks: Where to receive webhooks; None for nowhere.
        clock: The file by which the target's clock is set ahead; None if it is left alone.
        signing: What signs messages of other services, by the service's name.
        variables: A file for the variables of replays; None for no such file.
        earlier: An earlier run to carry on with.
    """

    spec: str = ""
    seed: int = 0
    jobs: int = 4
    budget: int | None = None
    rate: float | None = None
    only: tuple[str, ...] = ()
    source: Source | None = None
    read_only: bool = False
    guarded: bool = False
    session_delay: float = 0.0
    budgets: bool = False
    keep: bool = False
    stubs: tuple[Place, ...] = ()
    hooks: Address | None = None
    clock: Path | None = None
    signing: Mapping[str, str] = field(default_factory=dict)
    variables: Path | None = None
    earlier: Verification | None = None
    limits: Limits = field(default_factory=Limits)


def random_seed() -> int:
    """Return a seed chosen by chance."""
    return random_secrets.randbelow(SEEDS)


def verify(
    system: System,
    target: Target,
    kinds: Sequence[CaseKind],
    options: Options,
    *,
    progress: Progress = _no_progress,
    checkpoint: Checkpoint = _no_checkpoint,
) -> Verification:
    """Put the cases of a system to a target; ^C ends the run early, with what there is.

    Raises:
        UsageError: If `only` names no case.
    """
    run = _Run(system, target, options, planned(system, kinds, options.only))
    run.carry_on()
    with (
        stubs_of(system, options.stubs) as run.world.stubs,
        receiving(options.hooks) as run.world.receiver,
    ):
        try:
            run.execute(progress, checkpoint)
            run.tell_variables()
            leftovers = run.clean(progress)
        finally:
            run.world.close()
    return run.verification(leftovers)


def world_of(system: System, target: Target, options: Options) -> World:
    """Return what the cases of a run share."""
    secrets = Secrets(_secret_members(system))
    world = World(
        system=system,
        target=target,
        seed=options.seed,
        limits=options.limits,
        admission=Admission(budget=options.budget, rate=options.rate),
        secrets=secrets,
        ledger=Ledger(system),
        read_only=options.read_only,
        guarded=options.guarded,
        session_delay=options.session_delay,
        budgets=options.budgets,
        keep=options.keep,
        signing=options.signing,
    )
    _let_people_in(world, options.source)
    if options.clock is not None:
        world.clock = TargetClock(options.clock, world.sign_in_again)
    return world


def _secret_members(system: System) -> list[str]:
    fields = (field for entity in system.entities for field in entity.fields)
    return [field.name for field in fields if field.secret]


def _let_people_in(world: World, source: Source | None) -> None:
    def known(grant: Grant) -> Grant:
        return identified(world.system, world.send, grant)

    if source is None and world.system.auth is not None:
        source = SignUpSource(world.system, world.system.auth, world.send, world.secrets)
    if source is not None:
        world.let_in(Keyring(source, world.secrets, known))


class _Run:
    """One run, from its first request to its verdict."""

    def __init__(
        self, system: System, target: Target, options: Options, cases: tuple[PlannedCase, ...]
    ) -> None:
        self.world = world_of(system, target, options)
        self._system = system
        self._options = options
        self._cases = cases
        self._execution = Execution(self.world)
        self._began = time.monotonic()
        self._kept_at = self._began

    def carry_on(self) -> None:
        """Take over what an earlier run found out, if it asked the same questions."""
        known = reusable(self._options, self.world.target)
        self._execution.found.update(
            {case.id: known[case.id] for case in self._cases if case.id in known}
        )

    def execute(self, progress: Progress, checkpoint: Checkpoint) -> None:
        """Run the cases."""

        def seen(found: Mapping[str, Case]) -> None:
            progress(*(self.world.busy or ("Verifying", len(found), len(self._cases))))
            if time.monotonic() - self._kept_at > _CHECKPOINT_SECONDS:
                checkpoint(self.verification(()))
                self._kept_at = time.monotonic()

        self._execution.run(self._cases, self._options.jobs, seen)

    def tell_variables(self) -> None:
        """Write the variables of replays, for the owner of the file only."""
        path = self._options.variables
        if path is not None and self.world.has_people:
            write_variables(path, self.world.keyring.variables())

    def clean(self, progress: Progress) -> tuple[str, ...]:
        """Remove what was made, unless it is to be kept; return what is left."""
        if self._options.keep:
            return self.world.ledger.accounts()
        progress("Cleaning up", 0, len(self.world.ledger.left()))
        try:
            return clean_up(self.world, self._options.jobs)
        except KeyboardInterrupt:
            return ("cleaning up was interrupted",)

    def verification(self, leftovers: tuple[str, ...]) -> Verification:
        """Return what came of the run so far."""
        found = dict(self._execution.found)
        cases = tuple(found[case.id] for case in self._cases if case.id in found)
        gaps = () if self._options.only else gaps_of(self._system, cases)
        verdict = verdict_of(
            cases,
            planned=len(self._cases),
            ended=self.world.admission.ended,
            gaps=gaps,
            refused=len(self._execution.refused),
            only=self._options.only,
        )
        return Verification(
            spec=self._options.spec,
            system=self._system.name,
            target=self.world.target.url,
            seed=self._options.seed,
            complete=len(cases) == len(self._cases),
            requests=self.world.admission.sent,
            seconds=round(time.monotonic() - self._began, 3),
            outcome=verdict.outcome,
            cases=cases,
            coverage=coverage_of(cases),
            uncovered=tuple(f"{gap.element}: {gap.reason}" for gap in gaps),
            reason=verdict.reason,
            leftovers=leftovers,
        )


def reusable(options: Options, target: Target) -> dict[str, Case]:
    """Return the cases of an earlier run that need not run again.

    They are those that passed or failed, if spec, target and seed are the same.
    """
    earlier = options.earlier
    if earlier is None:
        return {}
    same = (earlier.spec, earlier.target, earlier.seed) == (options.spec, target.url, options.seed)
    return {case.id: case for case in earlier.cases if same and case.outcome in _REUSED}
