"""audit-1: entries of the audit trail."""

from functools import partial
from typing import Final

from tospec.model import AuditTrail, Field, FieldType, Kind, Operation
from tospec.source import Span
from tospec.syntax.conventions.data_1 import added_fields, managed_field

NAME: Final = "audit-1"
ENTITY: Final = "AuditEntry"
VIEW: Final = "AuditEntryView"
OPERATION: Final = "ListAuditEntries"
_field: Final = partial(managed_field, origin=NAME, immutable=True)


def entity_fields(span: Span) -> tuple[Field, ...]:
    """Return the fields of an entry."""
    first, _ = added_fields(span, optimistic=False)
    return (
        *first,
        _field("actor_id", FieldType.UUID, span, "Who did it."),
        _field("action", FieldType.STRING, span, "What was done, such as `task.update`."),
        _field("entity_type", FieldType.STRING, span, "What kind of row was changed."),
        _field("entity_id", FieldType.UUID, span, "Which row was changed."),
        _field("before", FieldType.JSON, span, "The row before the change.", optional=True),
        _field("after", FieldType.JSON, span, "The row after the change.", optional=True),
        _field("request_id", FieldType.STRING, span, "The request that did it.", optional=True),
        _field("occurred_at", FieldType.TIMESTAMP, span, "When it was done."),
    )


def view_fields(span: Span) -> tuple[str, ...]:
    """Return what the view of an entry shows."""
    return tuple(field.name for field in entity_fields(span))


def operation(trail: AuditTrail) -> Operation:
    """Return the operation that lists entries."""
    return Operation(
        name=OPERATION,
        kind=Kind.ACCOUNT,
        entity=ENTITY,
        method="GET",
        path="/v1/audit-entries",
        permission=trail.read,
        view=VIEW,
        requirements=trail.requirements,
        span=trail.span,
        origin=NAME,
    )
