"""What expressions of a job know of the event that starts it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Final

from tospec.expression import (
    BOOL,
    UNKNOWN,
    Aggregate,
    Facts,
    Kind,
    MayDo,
    Path,
    Type,
    entity,
    facts_of,
    joined,
    parts,
    record,
)
from tospec.model import Event, Expression, PayloadItem
from tospec.model.dependence import followed
from tospec.syntax import codes
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.relations import USER
from tospec.syntax.formulas import compile_node
from tospec.syntax.keys import Keys, Word
from tospec.syntax.scope import NO_MEMBERS, RowScope, field_type

EVENT: Final = "event"
_BEFORE: Final = "before"


def events_of(words: Iterable[Word], environment: Environment) -> tuple[str, ...]:
    """Return the events that begin a job, those reported that are none."""
    for word in words:
        environment.names.resolve(codes.UNKNOWN_EVENT, word, environment.names.events)
    return tuple(dict.fromkeys(word.text for word in words))


def after_event(
    keys: Keys, scope: RowScope, environment: Environment
) -> tuple[RowScope, Expression | None]:
    """Return the scope of a job's expressions, and what must hold of the event.

    Where that is in error, nothing further is said of the event.
    """
    when = compile_node(
        keys.node.get("when"), replace(scope, entity=""), BOOL, environment.problems
    )
    if when:
        return replace(scope, premise=when.tree.root), when
    return replace(scope, event=UNKNOWN) if "when" in keys else scope, None


def event_type(names: Iterable[str], events: Mapping[str, Event], environment: Environment) -> Type:
    """Return the type of `event`: a record of what all of some events carry."""
    if not all(name in events for name in names):
        return UNKNOWN
    known = [events[name] for name in names]
    name = f"event {' or '.join(each.name for each in known)}"
    earlier = _common([_told(each, environment, before=True) for each in known])
    now = _common([_told(each, environment, before=False) for each in known])
    environment.types.records[f"{name} {_BEFORE}"] = earlier
    told = {_BEFORE: record(f"{name} {_BEFORE}")} if earlier else {}
    environment.types.records[name] = {**now, **told}
    return record(name)


def _told(event: Event, environment: Environment, *, before: bool) -> Mapping[str, Type]:
    members = _members(
        (item for item in event.payload if item.before is before), event, environment
    )
    if before:
        return {name: type_.optional() for name, type_ in members.items()}
    return members | ({event.each: entity(USER)} if event.each else {}) | _of_message(event)


def _of_message(event: Event) -> dict[str, Type]:
    """Return the types of what another service tells: values, and the row that it is about."""
    message = event.message
    if message is None:
        return {}
    told = {each.name: field_type(each, f"{event.name}.{each.name}") for each in message.data}
    return told | ({message.about.name: entity(message.of)} if message.about else {})


def _members(
    items: Iterable[PayloadItem], event: Event, environment: Environment
) -> dict[str, Type]:
    """Return the types of what an event carries; what is many of something is not asked about."""
    owner = environment.types.entities.get(event.of, NO_MEMBERS)
    found = {item.path: owner[item.path] for item in items if item.path in owner}
    return {name: type_ for name, type_ in found.items() if type_.kind is not Kind.MANY}


def _common(members: Collection[Mapping[str, Type]]) -> Mapping[str, Type]:
    return reduce(_shared, members) if members else NO_MEMBERS


def _shared(one: Mapping[str, Type], other: Mapping[str, Type]) -> Mapping[str, Type]:
    both = {name: _joined(type_, other[name]) for name, type_ in one.items() if name in other}
    return {name: type_ for name, type_ in both.items() if type_ is not None}


def _joined(one: Type, other: Type) -> Type | None:
    if Kind.ENTITY in (one.kind, other.kind) and one.required() != other.required():
        return None
    return joined(one, other)


def check_event_paths(
    expressions: Iterable[Expression], scope: RowScope, environment: Environment
) -> None:
    """Report what cannot be asked of an event: rows behind its rows, and what may be null.

    Rows that its references lead to are read before any expression is asked, so a guard within
    one comes too late; `when` comes in time.
    """
    facts = facts_of(scope)
    for expression in expressions:
        for part in parts(expression.tree.root):
            if isinstance(part, Aggregate) and _is_told(part.relation):
                _refuse_rows(part.relation, expression, environment)
            elif isinstance(part, MayDo) and _is_told(part.subject):
                _refuse_rows(part.subject, expression, environment)
            elif isinstance(part, Path) and _is_told(part):
                _check_path(part, facts, expression, environment)


def _is_told(path: Path) -> bool:
    return path.root.name == EVENT and not path.is_stored


def _refuse_rows(path: Path, expression: Expression, environment: Environment) -> None:
    message = f"'{path}' is asked about, and no row of the job's own."
    help_ = "Ask about the job's rows: `for_each` and `where`."
    environment.problems.add(codes.WRONG_MEMBER, expression.span, message, help_)


def _check_path(path: Path, facts: Facts, expression: Expression, environment: Environment) -> None:
    for reference in followed(path):
        if reference.type.nullable and reference.key not in facts:
            message = f"'{reference}' is followed, and may be null."
            help_ = f'Say that it is not: `when: "{reference} != null"`.'
            environment.problems.add(codes.WRONG_MEMBER, expression.span, message, help_)
