"""Time tells nothing: what another tenant has takes as long to refuse as what nothing has."""

from collections.abc import Callable, Iterator
from statistics import median
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.isolation import nobody, staged
from tospec.verify.oracle.contract import refusal, success
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.steps import Situation
from tospec.verify.scene.parts import CaseKind, Trial, about, control, hold, modelled

NAME: Final = "timing"
_OTHER: Final = 1
_ROUNDS: Final = 3
"""As many have to agree, since a machine that does other things may answer late at any time."""
_PAIRS: Final = 20
_SHARE: Final = 0.8
_SECONDS: Final = 0.005

type Ask = Callable[[str], float]
"""Asks for an id that has to be refused, and returns how long that took."""


def _planned(system: System) -> Iterator[PlannedCase]:
    if system.tenancy is None or system.tenancy.kind == "none":
        return
    planner = Planner(system)
    for operation in modelled(system):
        if operation.kind is Kind.READ and operation.path.count("{") == 1:
            yield _foreign(planner, operation)


def _foreign(planner: Planner, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        here, mine = staged(stage, planner, operation, 0)
        there, theirs = staged(stage, planner, operation, _OTHER)
        trial = Trial(f"no more than {_SECONDS:.3f} s apart, or now one is slower, now the other")
        wanted = refusal(stage.system, Situation.HIDDEN)

        def ask(id_: str) -> float:
            request = here.request(mine, ids=(id_,))
            answer = stage.send(request.person, request.method, request.path)
            hold(trial, "an id of the other tenant, or of nothing", answer, wanted)
            return answer.seconds

        apart = _apart(stage, ask, there.id_of(theirs.on or ""))
        trial.need("an id of the other tenant", holds=apart is None, got=f"{apart} s slower")
        control(trial, "the other tenant", there.take(theirs), success(stage.system, operation))
        return trial.judgement()

    rule = "How long a refusal takes does not tell what another tenant has."
    topic = about(NAME, operation)
    return topic.case("foreign", rule, run, reference="OWASP API1", cost=2 * _PAIRS + 12)


def _apart(stage: Stage, ask: Ask, foreign: str) -> float | None:
    """Return by how much a foreign id is slower, or faster; None unless each round says so."""
    found = [0.0]
    for _ in range(_ROUNDS):
        gaps = [_gap(stage, ask, foreign) for _ in range(_PAIRS)]
        gap = median(gaps)
        agreeing = sum(each * gap > 0 for each in gaps)
        if abs(gap) < _SECONDS or agreeing < _SHARE * _PAIRS or gap * found[-1] < 0:
            return None
        found.append(gap)
    return round(median(found[1:]), 4)


def _gap(stage: Stage, ask: Ask, foreign: str) -> float:
    """Return how much longer a foreign id takes than one of nothing, asked in any order."""
    ids = [foreign, nobody(stage)]
    if stage.random.random() < 0.5:
        other, mine = ask(ids[1]), ask(ids[0])
    else:
        mine, other = ask(ids[0]), ask(ids[1])
    return mine - other


KIND: Final = CaseKind(NAME, _planned)
