"""Budgets: answers come in time when there are as many rows and people as the spec says.

This takes minutes and many rows, so it is done only where it was asked for. One measurement
serves all cases of a budget; each of them judges one operation, and one way to ask it.
"""

from collections.abc import Iterator
from typing import Final

from tospec.evidence import Outcome
from tospec.model import Budget, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.load.measuring import Measured, measure
from tospec.verify.load.questions import Question, questions
from tospec.verify.load.samples import Samples
from tospec.verify.oracle.planning import Planner
from tospec.verify.probes.judging import inconclusive, skipped
from tospec.verify.probes.topics import Kind, Topic, place

NAME: Final = "budgets"
NOT_ASKED: Final = "It takes minutes and makes many rows; ask for it with --budgets."
_FEW: Final = 0.9
_SERVER_ERROR: Final = "5"


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for budget in system.budgets:
        for question in questions(system, budget):
            yield _case(planner, budget, question)


def _case(planner: Planner, budget: Budget, question: Question) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        if not stage.wants_budgets:
            return skipped(_expected(budget, question), NOT_ASKED)
        key = (NAME, budget.name)
        found = stage.shared(key, lambda: measure(stage.apart(budget.name), planner, budget))
        judgement = _judged(found, budget, question)
        if judgement.outcome is Outcome.FAILED:
            _repeat(stage, found, question)
        return judgement

    topic = Topic(
        kind=NAME,
        label=f"{budget.name}/{question.operation.name}",
        element=f"budget {budget.name}",
        reference=place(question.times.span),
        operation=question.operation.name,
        requirements=budget.requirements,
    )
    rule = f"{question.operation.name} answers in time at the size of {budget.name}."
    cost = question.samples
    return topic.case(question.variant, rule, run, cost=cost, spoils=True)


def _expected(budget: Budget, question: Question) -> str:
    times = ", ".join(f"p{each} at most {most} ms" for each, most in question.times.limits)
    size = f", at most {budget.largest} bytes" if budget.largest else ""
    return f"{times}{size}, with {budget.rows or 0:,} rows and {budget.users} users"


def _judged(found: Measured, budget: Budget, question: Question) -> Judgement:
    expected = _expected(budget, question)
    samples = found.samples.get(question.name)
    reason = found.reason or found.reasons.get(question.name, "")
    if reason or samples is None:
        return inconclusive(expected, reason or "it was not asked")
    faults = list(_faults(samples, budget, question))
    doubt = _doubt(found, samples, question, failed=bool(faults))
    outcome = Outcome.FAILED if faults else Outcome.PASSED
    percentiles = [each for each, _ in question.times.limits]
    return Judgement(
        outcome=Outcome.INCONCLUSIVE if doubt else outcome,
        expected=expected,
        got="; ".join([*faults, samples.told(percentiles)]),
        control=found.control,
        detail=doubt or found.load,
    )


def _faults(samples: Samples, budget: Budget, question: Question) -> Iterator[str]:
    for percent, most in question.times.limits:
        took = samples.percentile(percent) if len(samples) else 0.0
        if took > most:
            yield f"p{percent} is {took:.1f} ms"
    if budget.largest is not None and samples.largest > budget.largest:
        yield f"an answer has {samples.largest} bytes"
    broken = {what: n for what, n in samples.refusals.items() if _is_broken(what)}
    if sum(broken.values()) > question.samples / 100:
        yield ", ".join(f"{n} times {what}" for what, n in broken.items())


def _is_broken(what: str) -> bool:
    """Whether a refusal is a fault of the target: an error of its own, or no answer."""
    return what.startswith((_SERVER_ERROR, "no answer"))


def _doubt(found: Measured, samples: Samples, question: Question, *, failed: bool) -> str:
    """Return why nothing can be concluded; empty if something can."""
    if not found.sees:
        return f"The control did not work: {found.control}"
    tightest = min((most for _, most in question.times.limits), default=0)
    if busy := found.meter.doubt(tightest):
        return f"Those who asked may be what was slow: {busy}; {found.load}"
    if failed:
        return ""
    if len(samples) < _FEW * question.samples:
        others = ", ".join(f"{n} times {what}" for what, n in samples.refusals.items())
        return f"only {len(samples)} of {question.samples} answers count: {others or 'time is up'}"
    return ""


def _repeat(stage: Stage, found: Measured, question: Question) -> None:
    """Send a request of the question once more, for the replay."""
    request = found.spare[question.name]
    stage.send(
        request.person,
        request.method,
        request.path,
        query=request.query,
        headers=request.headers,
        body=request.body,
    )


KIND: Final = Kind(NAME, _planned)
