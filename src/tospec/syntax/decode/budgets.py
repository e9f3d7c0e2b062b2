"""How fast answers come when there are many rows and people."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from tospec.model import Budget, Operation, Times
from tospec.model.budgets import READS, WRITES, group_of
from tospec.model.operations import Kind
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.conventions import operations_1
from tospec.syntax.decode.environment import Environment
from tospec.syntax.grammar.budgets import PERCENTILES
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import BUILT_IN_ENTITIES
from tospec.syntax.notations import milliseconds
from tospec.syntax.parts import Part

_LIMITING: Final = (READS, WRITES, "operations", "largest_answer")


def decode_budgets(
    parts: Iterable[Part], operations: Mapping[str, Operation], environment: Environment
) -> Iterator[Budget]:
    """Yield the budgets of the spec."""
    first: dict[str, Part] = {}
    for part in parts:
        other = first.setdefault(part.name.text, part)
        if other is not part:
            message = f"The budget '{part.name.text}' is declared twice."
            related = ((other.name.span, "It is declared here first."),)
            environment.problems.add(codes.DUPLICATE_NAME, part.name.span, message, related=related)
        yield _budget(part, operations, environment)


def _budget(part: Part, operations: Mapping[str, Operation], environment: Environment) -> Budget:
    keys = part.keys
    if not any(key in keys for key in _LIMITING):
        message = "A budget that limits nothing."
        help_ = f"Say what may cost how much: {', '.join(_LIMITING)}."
        environment.problems.add(codes.MISSING_KEY, part.name.span, message, help_)
    pause = milliseconds(keys.text("pause"))
    return Budget(
        name=part.name.text,
        entity=_entity(keys, environment),
        rows=keys.whole("rows"),
        users=keys.whole("users"),
        pause=operations_1.PAUSE if pause is None else pause,
        pause_given="pause" in keys,
        times=tuple(_all_times(keys, operations, environment)),
        largest=keys.octets("largest_answer"),
        requirements=part.requirements,
        span=part.name.span,
    )


def _entity(keys: Keys, environment: Environment) -> str:
    of = keys.word("of")
    if of is None:
        return ""
    if of.text in BUILT_IN_ENTITIES:
        message = f"The rows of a budget are those of an entity of the spec; '{of.text}' is none."
        environment.problems.add(codes.WRONG_ENTITY, of.span, message)
    return environment.names.resolve(codes.UNKNOWN_ENTITY, of, environment.names.entities)


def _all_times(
    keys: Keys, operations: Mapping[str, Operation], environment: Environment
) -> Iterator[Times]:
    for group in (READS, WRITES):
        limits = keys.record(group)
        if limits:
            yield _times(group, keys.place(group), limits, environment)
    for name, limits in keys.named("operations"):
        _check_operation(name, operations, environment)
        yield _times(name.text, name.span, limits, environment)


def _check_operation(
    name: Word, operations: Mapping[str, Operation], environment: Environment
) -> None:
    operation = operations.get(name.text)
    if operation is None:
        environment.problems.unknown(
            codes.UNKNOWN_OPERATION, name.span, "operation", name.text, operations
        )
    elif operation.public or (operation.kind is Kind.ACCOUNT and group_of(operation) is None):
        message = f"The time of {name.text} goes into passwords and mail, not into rows."
        environment.problems.add(codes.MISPLACED_KEY, name.span, message, "Leave it out.")


def _times(of: str, span: Span, keys: Keys, environment: Environment) -> Times:
    found = [(each, milliseconds(keys.text(f"p{each}"))) for each in PERCENTILES]
    limits = tuple((each, most) for each, most in found if most is not None)
    problems = environment.problems
    if not len(keys.node):
        message, help_ = f"Nothing is said about {of}.", "Write, for instance, {p95: 50ms}."
        problems.add(codes.MISSING_KEY, span, message, help_)
    for each, most in limits:
        if not most:
            message = "An answer takes at least a millisecond."
            problems.add(codes.OUT_OF_BOUNDS, keys.place(f"p{each}"), message)
    for (_, less), (each, more) in pairwise(limits):
        if less > more:
            message = f"Fewer answers than {each} of 100 may take longer than that."
            help_ = "The times grow with the percentiles."
            problems.add(codes.BAD_RANGE, keys.place(f"p{each}"), message, help_)
    return Times(of=of, limits=limits, span=span)
