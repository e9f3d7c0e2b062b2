"""What was implemented: operations, rules, validation and access, as rows of tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.model.entities import Entity
from tospec.model.fields import Field
from tospec.model.operations import Bulk, Kind, Operation
from tospec.model.system import System

EVERYBODY = "everybody"
SIGNED_IN = "signed in"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRow:
    """An operation with its place on the wire, and who may call it.

    Attributes:
        access: The permission, `signed in` or `everybody`.
        roles: Roles that may call it; empty when sign-in is not needed.
        policy: Condition on the row beyond the permission, as written; empty when there is none.
        moves: For transitions: from which states to which.
    """

    name: str
    kind: str
    entity: str
    method: str
    path: str
    access: str
    roles: tuple[str, ...]
    policy: str
    moves: str
    origin: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A business rule: what must hold, when, and how an operation fails if it does not."""

    subject: str
    when: str
    that: str
    error: str
    status: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A field and what is accepted for it."""

    entity: str
    name: str
    type: str
    accepts: str
    written: str


def operation_rows(system: System) -> tuple[OperationRow, ...]:
    """Return a row for each operation in the spec's order."""
    return (
        *(_operation(system, operation) for operation in system.operations),
        *(_bulk(system, bulk) for bulk in system.bulks),
    )


def rule_rows(system: System) -> tuple[RuleRow, ...]:
    """Return a row for each rule of entities, transitions and operations."""
    return tuple(row for entity in system.entities for row in _rules(system, entity))


def field_rows(system: System) -> tuple[FieldRow, ...]:
    """Return a row for each field that a client sends or sees."""
    return tuple(
        FieldRow(
            entity=entity.name,
            name=field.name,
            type=field.type,
            accepts=_accepts(field),
            written=_written(field),
        )
        for entity in system.entities
        if not entity.built_in
        for field in entity.fields
    )


def _operation(system: System, operation: Operation) -> OperationRow:
    entity = system.entity(operation.entity)
    roles: tuple[str, ...] = () if operation.public else system.roles
    access = EVERYBODY if operation.public else SIGNED_IN
    if operation.permission is not None:
        access = operation.permission
        roles = system.permission(operation.permission).roles
    return OperationRow(
        name=operation.name,
        kind=operation.kind,
        entity=operation.entity,
        method=operation.method,
        path=operation.path,
        access=access,
        roles=roles,
        policy=_policy(entity, operation),
        moves=_moves(entity, operation),
        origin=operation.origin,
        place=str(operation.span),
    )


def _bulk(system: System, bulk: Bulk) -> OperationRow:
    permission = bulk.permission
    return OperationRow(
        name=bulk.name,
        kind="bulk",
        entity=bulk.entity,
        method=bulk.method,
        path=bulk.path,
        access=permission or SIGNED_IN,
        roles=system.permission(permission).roles if permission else system.roles,
        policy="",
        moves=", ".join(each.name for each in system.changes_of(bulk)),
        origin="spec",
        place=str(bulk.span),
    )


def _policy(entity: Entity, operation: Operation) -> str:
    if entity.policy is None or operation.kind is Kind.ACCOUNT:
        return ""
    action = entity.policy.of(operation.policy) if operation.policy else None
    visible = entity.policy.visible
    known = [] if operation.kind is Kind.CREATE else [visible]
    said = [each.text for each in (*known, action) if each is not None and each.text != "true"]
    return " and ".join(f"({text})" for text in said) if len(said) > 1 else "".join(said)


def _moves(entity: Entity, operation: Operation) -> str:
    if entity.lifecycle is None or operation.transition is None:
        return ""
    moves = (t for t in entity.lifecycle.transitions if t.name == operation.transition)
    return "; ".join(f"{', '.join(t.sources)} → {t.target}" for t in moves)


def _rules(system: System, entity: Entity) -> Iterator[RuleRow]:
    required = [(entity.name, ", ".join(rule.on), rule.requirement) for rule in entity.rules]
    if entity.lifecycle is not None:
        for move in entity.lifecycle.transitions:
            required += [(entity.name, move.name, each) for each in move.require]
    for operation in system.operations_of(entity.name):
        if operation.transition is None:
            required += [(entity.name, operation.name, each) for each in operation.require]
    for subject, when, each in required:
        yield RuleRow(
            subject=subject,
            when=when,
            that=each.that.text,
            error=each.error,
            status=system.error(each.error).status,
            place=str(each.span),
        )


def _accepts(field: Field) -> str:
    said = []
    if field.length:
        said.append(f"{field.length[0]} to {field.length[1]} characters")
    if field.range:
        low, high = field.range
        said.append(f"from {'…' if low is None else low} to {'…' if high is None else high}")
    if field.pattern:
        said.append(f"matches {field.pattern}")
    if field.values:
        said.append(", ".join(field.values))
    said.append("may be null" if field.optional else "never null")
    return "; ".join(said)


def _written(field: Field) -> str:
    if field.generated is not None:
        return f"generated: {field.generated}"
    if field.managed:
        return "by operations only"
    return "once, at creation" if field.immutable else "by clients"
