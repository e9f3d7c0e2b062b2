"""`app/handlers.py`: which handler carries out which message."""

from dataclasses import dataclass
from typing import Final

from tospec.ir.entities import Entity
from tospec.ir.logic import Logic, Resource
from tospec.ir.operations import Operation
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.messages import handler_class, message_class
from tospec.python import Code, attribute, fill, module, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registered:
    plural: Code
    handlers: tuple[tuple[Code, Code], ...]


_TRAIL: Final = "app.queries.accounts.list_audit_entries"
_AUDIT: Final = _Registered(
    plural=Code("audit_entries"),
    handlers=(
        (
            symbol(_TRAIL, "ListAuditEntries"),
            fill("{}(database)", symbol(_TRAIL, "ListAuditEntriesHandler")),
        ),
    ),
)


def render_handlers(logic: Logic, path: str) -> str:
    """Return the module that registers the handlers of the domain."""
    resources = [_registered(each) for each in logic.resources if each.operations]
    if logic.audit_permission:
        resources.append(_AUDIT)
    body = TEMPLATES.render("handlers.py.j2", artifact=path, resources=resources)
    header = "Which handler carries out which command or query that follows from the spec."
    return module(header, body, artifact=path)


def _registered(resource: Resource) -> _Registered:
    entity = resource.entity
    return _Registered(
        plural=attribute(entity.names.plural),
        handlers=tuple(
            (message_class(entity, each.operation), _handler(entity, each.operation))
            for each in resource.operations
        ),
    )


def _handler(entity: Entity, operation: Operation) -> Code:
    handler = handler_class(entity, operation)
    if operation.kind.is_query:
        return fill("{}(database)", handler)
    return fill("{}(database, settings)", handler)
