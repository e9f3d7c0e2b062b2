"""Chains of jobs: which follows which, and what it knows of those before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tospec.expression import Type, record
from tospec.syntax import codes
from tospec.syntax.decode.environment import Environment
from tospec.syntax.keys import Word
from tospec.syntax.parts import Part
from tospec.syntax.scope import field_type

_BEGIN = "Say which event begins the first job of the chain: `on`."


@dataclass(frozen=True, slots=True)
class Link:
    """What a job that follows another one knows.

    Attributes:
        before: The job that it follows.
        events: Names of the events, any of which begins the first job.
        result: Type of what `result` stands for; None if the job before is told nothing.
    """

    before: str
    events: tuple[Word, ...]
    result: Type | None


def links_of(parts: Iterable[Part], environment: Environment) -> Mapping[str, Link]:
    """Return the jobs that follow others, by name; report those that cannot."""
    by_name = {part.name.text: part for part in parts}
    before: dict[str, Part] = {}
    for part in by_name.values():
        then = part.keys.word("then")
        if then is None:
            continue
        environment.names.resolve(codes.UNKNOWN_JOB, then, environment.names.jobs)
        if _may_follow(then, part, by_name.get(then.text), before, environment):
            before[then.text] = part
    return {name: _link(name, before, environment) for name in before}


def _may_follow(
    then: Word, part: Part, target: Part | None, before: Mapping[str, Part], spec: Environment
) -> bool:
    if target is None:
        return False
    problem = help_ = ""
    if then.text in before:
        problem = f"'{then.text}' follows '{before[then.text].name.text}' already."
        help_ = "Write a job of its own for each of them."
    elif "on" in target.keys:
        problem = f"'{then.text}' is begun by an event of its own."
        help_ = "Leave out its `on`, or do not let it follow."
    elif "for_each" in part.keys and any("call" in step for step in part.keys.records("do")):
        problem = "A job that asks about each of many rows is done once for each: nothing follows."
        help_ = "Let the job `on` an event go on with one row."
    if problem:
        spec.problems.add(codes.MISPLACED_KEY, then.span, problem, help_)
    return not problem


def _link(name: str, before: Mapping[str, Part], environment: Environment) -> Link:
    part = before[name]
    return Link(
        before=part.name.text,
        events=_first(name, before, environment).keys.word_or_words("on"),
        result=_result(part, environment),
    )


def _first(name: str, before: Mapping[str, Part], environment: Environment) -> Part:
    """Return the first job of a chain; report it if no event begins it."""
    part, seen = before[name], {name}
    while part.name.text in before and part.name.text not in seen:
        seen.add(part.name.text)
        part = before[part.name.text]
    place = before[name].keys.key_place("then")
    if part.name.text in seen:
        message = f"'{name}' follows itself: {' → '.join(sorted(seen))}."
        environment.problems.add(codes.MISPLACED_KEY, place, message, _BEGIN)
    elif "on" not in part.keys:
        message = f"No event begins '{part.name.text}', and so none the chain."
        environment.problems.add(codes.MISPLACED_KEY, place, message, _BEGIN)
    return part


def _result(part: Part, environment: Environment) -> Type | None:
    asked = (step.text("call") for step in part.keys.records("do"))
    call = next((environment.calls[name] for name in asked if name in environment.calls), None)
    if call is None or not call.returns:
        return None
    name = f"result of {part.name.text}"
    environment.types.records[name] = {
        each.name: field_type(each, f"{name}.{each.name}") for each in call.returns
    }
    return record(name)
