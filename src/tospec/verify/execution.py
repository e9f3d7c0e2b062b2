"""Execution: runs planned cases side by side, and makes evidence of each."""

import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final

from tospec.evidence import Case, Outcome, Replay
from tospec.verify.base import Judgement, PlannedCase, Refused, Unavailable
from tospec.verify.plan import groups_of
from tospec.verify.stage import CaseStage
from tospec.verify.wire.admission import NotAllowedError, RunEndedError
from tospec.verify.wire.client import UNREACHED
from tospec.verify.world import World

_TICK: Final = 0.25
_WAITING: Final = 8
"""How many cases that mostly wait run side by side; each may need webhooks, of which a tenant has
only so many."""
_LONGEST_TEXT: Final = 2_000

type Seen = Callable[[dict[str, Case]], None]
"""Is told, now and then, what there is so far."""


@dataclass(slots=True)
class Execution:
    """Runs cases on a world.

    Attributes:
        found: What came of the cases that ran to their end, by id.
        refused: Ids of the cases that needed a request which this run must not send.
    """

    world: World
    found: dict[str, Case] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    _exchanges: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def run(self, cases: Sequence[PlannedCase], jobs: int, seen: Seen) -> None:
        """Run cases: groups side by side, then those that wait, then one by one those that spoil.

        Returns when all ran, or when the world lets no more requests out; ^C makes it do so.
        """
        with ThreadPoolExecutor(jobs) as pool:
            groups = groups_of([case for case in cases if case.id not in self.found])
            self._wait({pool.submit(self._run_group, group) for group in groups}, seen)
            waiting = [case for case in cases if case.waits and case.id not in self.found]
            self._wait_together(waiting, seen)
            spoilers = [case for case in cases if case.spoils and case.id not in self.found]
            self._wait({pool.submit(self._run_group, spoilers)}, seen)
        if self.world.went_silent:
            self._forget_silenced()

    def _wait_together(self, cases: Sequence[PlannedCase], seen: Seen) -> None:
        with ThreadPoolExecutor(_WAITING) as pool:
            self._wait({pool.submit(self._run_group, (case,)) for case in cases}, seen)

    def _wait(self, waiting: set[Future[None]], seen: Seen) -> None:
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=_TICK, return_when=FIRST_COMPLETED)
                for each in done:
                    each.result()
                seen(self.found)
        except KeyboardInterrupt:
            self.world.admission.end("it was interrupted")

    def _run_group(self, group: Iterable[PlannedCase]) -> None:
        for planned in group:
            if self.world.admission.ended:
                return
            case = self._judged(planned)
            if case is not None:
                self.found[planned.id] = case

    def _judged(self, planned: PlannedCase) -> Case | None:
        """Run a case; None if the end of the run cut it short."""
        stage = CaseStage(self.world, planned.id)
        judgement = _judgement(planned, stage)
        if isinstance(stage.refusal, RunEndedError):
            return None
        if isinstance(stage.refusal, NotAllowedError):
            self.refused.add(planned.id)
            judgement = Judgement(outcome=Outcome.SKIPPED, detail=str(stage.refusal))
        self._exchanges[planned.id] = tuple(each.number for each in stage.exchanges)
        return self._case(planned, _reached(judgement, stage), stage)

    def _case(self, planned: PlannedCase, judgement: Judgement, stage: CaseStage) -> Case:
        is_clear = judgement.outcome in (Outcome.PASSED, Outcome.SKIPPED)
        replayer = self.world.replayer
        return Case(
            id=planned.id,
            kind=planned.kind,
            element=planned.element,
            operation=planned.operation,
            requirements=planned.requirements,
            rule=planned.rule,
            outcome=judgement.outcome,
            expected=self._text(judgement.expected),
            got=self._text(judgement.got),
            control=self._text(judgement.control),
            reference=planned.reference,
            replay=Replay(lines=()) if is_clear else replayer.replay(stage.exchanges),
            detail=self._text(judgement.detail),
        )

    def _text(self, text: str) -> str:
        """Return a text without secrets, bounded, and such that UTF-8 can hold it."""
        masked = self.world.secrets.masked(text[: 4 * _LONGEST_TEXT])
        cut = masked if len(masked) <= _LONGEST_TEXT else f"{masked[:_LONGEST_TEXT]}…"
        return cut.encode("utf-8", "backslashreplace").decode("utf-8")

    def _forget_silenced(self) -> None:
        """Take back what was concluded from the silence of a target that was gone."""
        for id_, numbers in self._exchanges.items():
            gone = any(map(self.world.was_gone, numbers))
            if gone and self.found[id_].outcome is not Outcome.PASSED:
                del self.found[id_]


def _judgement(planned: PlannedCase, stage: CaseStage) -> Judgement:
    try:
        return planned.run(stage)
    except Refused as fault:
        return Judgement(
            outcome=Outcome.FAILED, expected=fault.expected, got=fault.got, control=fault.control
        )
    except Unavailable as refusal:
        return Judgement(outcome=Outcome.INCONCLUSIVE, detail=str(refusal))
    except Exception as fault:
        return Judgement(outcome=Outcome.INCONCLUSIVE, detail=_broken(fault))


def _reached(judgement: Judgement, stage: CaseStage) -> Judgement:
    """Return a judgement that counts as none when the target could not even be reached."""
    faults = [exchange.answer.fault for exchange in stage.exchanges]
    unreached = next((fault for fault in faults if fault.startswith(UNREACHED)), "")
    if judgement.outcome is Outcome.FAILED and unreached:
        return Judgement(outcome=Outcome.INCONCLUSIVE, detail=f"the target: {unreached}")
    return judgement


def _broken(fault: Exception) -> str:
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    said = str(fault)[:500]
    return f"the case broke: {type(fault).__name__}: {said} ({frame.name}, line {frame.lineno})"
