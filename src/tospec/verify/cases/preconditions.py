"""Conditions on versions: a change needs the version that was read, and no other."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.ordering import ordered
from tospec.verify.oracle.contract import REST, Expected, problem, success
from tospec.verify.scene.changing import refused
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Played,
    Topic,
    Trial,
    about,
    control,
    hold,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "preconditions"
_CHANGES: Final = frozenset(
    {
        Kind.UPDATE,
        Kind.DELETE,
        Kind.RESTORE,
        Kind.TRANSITION,
        Kind.ACTION,
        Kind.LINK,
        Kind.UNLINK,
    }
)
_WRONG: Final = {
    "stale": '"stale"',
    "weak": "W/{tag}",
    "malformed": "malformed",
    "unquoted": "{bare}",
}
_RIGHT: Final = {"current": "{tag}", "any": "*", "list": '"other", {tag}'}
_REFERENCE: Final = "RFC 9110 §13.1.1"


def _planned(system: System) -> Iterator[PlannedCase]:
    if not system.has(REST):
        return
    planner = Planner(system)
    for operation in modelled(system):
        if not system.entity(operation.entity).optimistic:
            continue
        topic = about(NAME, operation)
        if operation.kind in _CHANGES:
            yield from _of_change(planner, topic, operation)
        elif operation.kind is Kind.READ:
            yield _not_modified(planner, topic, operation)


def _of_change(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    yield _refuses(planner, topic, operation)
    yield _accepts(planner, topic, operation)
    yield from ordered(planner, topic, operation)
    if operation.kind is Kind.UPDATE:
        yield _required(planner, topic, operation)


def _tagged(stage: Stage, planner: Planner, operation: Operation) -> tuple[Played, str]:
    played = play(stage, somebody_who_can(planner, operation))
    target = played.plot.target
    tag = played.scene.tag(target, played.step.by) or played.scene.tags.get(target, "")
    if not tag:
        raise Unavailable("the target tells no ETag of the row")
    return played, tag


def _header(pattern: str, tag: str) -> dict[str, str]:
    value = pattern.replace("{tag}", tag).replace("{bare}", tag.strip('"'))
    return {"If-Match": value}


def _refuses(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = problem(stage.system, 412, "precondition-failed")
        trial = Trial(str(wanted))
        played, tag = _tagged(stage, planner, operation)
        for name, pattern in _WRONG.items():
            _refused(played, trial, name, _header(pattern, tag), wanted)
        answer = played.scene.take(played.step, headers=_header("{tag}", tag))
        control(trial, "the version that was read", answer, success(stage.system, operation))
        return trial.judgement()

    rule = "A change of another version than the current one is refused."
    return topic.case("refused", rule, run, reference=_REFERENCE, cost=14)


def _refused(
    played: Played, trial: Trial, name: str, headers: dict[str, str], wanted: Expected
) -> None:
    answer = refused(
        trial,
        played.scene,
        played.step,
        lambda: played.scene.take(played.step, headers=headers),
    )
    hold(trial, f"If-Match {name}", answer, wanted)


def _accepts(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = success(stage.system, operation)
        trial = Trial(str(wanted))
        for name, pattern in _RIGHT.items():
            played, tag = _tagged(stage, planner, operation)
            answer = played.scene.take(played.step, headers=_header(pattern, tag))
            hold(trial, f"If-Match {name}", answer, wanted)
        return trial.judgement()

    rule = "A change of the current version is made."
    return topic.case("accepted", rule, run, reference=_REFERENCE, cost=14)


def _required(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = problem(stage.system, 428, "precondition-required")
        trial = Trial(str(wanted))
        played, tag = _tagged(stage, planner, operation)
        _refused(played, trial, "missing", {}, wanted)
        answer = played.scene.take(played.step, headers=_header("{tag}", tag))
        control(trial, "with it", answer, success(stage.system, operation))
        return trial.judgement()

    return topic.case(
        "required",
        "An update names the version that it changes.",
        run,
        reference="RFC 6585",
        cost=8,
    )


def _not_modified(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played, tag = _tagged(stage, planner, operation)
        trial = Trial("304 without a body for the version that is known, 200 for another")
        for value in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            answer = played.scene.take(played.step, headers={"If-None-Match": value})
            hold(trial, f"If-None-Match {value}", answer, Expected(statuses=(304,)))
            told = answer.headers.get("etag", "missing")
            trial.need("the ETag", holds=told == tag, got=told)
            trial.need("the body", holds=not answer.body, got=f"{len(answer.body)} bytes")
        _, another = _tagged(stage, planner, operation)
        trial.need("the ETag of another row", holds=another != tag, got="the same")
        other = played.scene.take(played.step, headers={"If-None-Match": '"other"'})
        control(trial, "another version", other, success(stage.system, operation))
        return trial.judgement()

    rule = "Who has the current version is told so."
    return topic.case("not-modified", rule, run, reference="RFC 9110 §13.1.2", cost=10)


KIND: Final = CaseKind(NAME, _planned)
