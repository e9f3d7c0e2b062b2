"""`app/handlers.py`: which handler carries out which message."""

from dataclasses import dataclass
from typing import Final

from tospec.ir.entities import Entity
from tospec.ir.logic import Logic, Resource
from tospec.ir.operations import Operation, OperationKind
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.messages import handler_class, message_class
from tospec.python import Code, attribute, fill, literal, module, pascal, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registered:
    plural: Code
    database: Code
    handlers: tuple[tuple[Code, Code], ...]
    files: Code | None = None
    settings: bool = True
    public: bool = False


_TRAIL: Final = "app.queries.accounts.list_audit_entries"
_AUDIT: Final = _Registered(
    plural=Code("audit_entries"),
    database=places.database(watched=False),
    handlers=(
        (
            symbol(_TRAIL, "ListAuditEntries"),
            fill("{}(database)", symbol(_TRAIL, "ListAuditEntriesHandler")),
        ),
    ),
)


_TENANT: Final = _Registered(
    plural=Code("tenants"),
    database=places.database(watched=False),
    handlers=tuple(
        (
            symbol(f"app.{kind}.accounts.{name}", pascal(name)),
            fill("{}(database)", symbol(f"app.{kind}.accounts.{name}", f"{pascal(name)}Handler")),
        )
        for kind, name in (("queries", "get_tenant"), ("commands", "update_tenant"))
    ),
    settings=False,
)

_JOBS: Final = tuple(
    (
        symbol(f"app.{kind}.jobs.{name}", pascal(name)),
        fill("{}({})", symbol(f"app.{kind}.jobs.{name}", f"{pascal(name)}Handler"), needed),
    )
    for kind, name, needed in (
        ("queries", "list_jobs", Code("database")),
        ("queries", "get_job", Code("database")),
        ("commands", "replay_job", Code("database")),
        ("commands", "replay_jobs", Code("database")),
        ("commands", "discard_job", Code("database")),
        ("commands", "discard_jobs", Code("database")),
        ("commands", "cancel_job", Code("database")),
        ("queries", "list_schedules", fill("database, {}", symbol("app.jobs", "SCHEDULES"))),
    )
)
_BACKGROUND: Final = _Registered(
    plural=Code("jobs"),
    database=places.database(watched=False),
    handlers=_JOBS,
    settings=False,
)


_DELIVERING: Final = tuple(
    (
        symbol(f"app.{kind}.webhooks.{name}", pascal(name)),
        fill("{}({})", symbol(f"app.{kind}.webhooks.{name}", f"{pascal(name)}Handler"), needed),
    )
    for kind, name, needed in (
        ("commands", "create_webhook", Code("database, settings")),
        ("queries", "list_webhooks", Code("database")),
        ("queries", "get_webhook", Code("database")),
        ("commands", "update_webhook", Code("database, settings")),
        ("commands", "delete_webhook", Code("database")),
        ("commands", "rotate_webhook_secret", Code("database, settings")),
        ("commands", "ping_webhook", Code("database")),
        ("queries", "list_webhook_deliveries", Code("database")),
        ("queries", "get_webhook_delivery", Code("database")),
        ("commands", "redeliver_webhook", Code("database")),
    )
)
_WEBHOOKS: Final = _Registered(
    plural=Code("webhooks"),
    database=places.database(watched=False),
    handlers=_DELIVERING,
)


_RECEIVING: Final = "app.commands.inbox.receive_message"
_INBOX: Final = _Registered(
    plural=Code("inbox"),
    database=places.database(watched=False),
    handlers=(
        (
            symbol(_RECEIVING, "ReceiveMessage"),
            fill(
                "{}(database)",
                symbol(_RECEIVING, "ReceiveMessageHandler"),
            ),
        ),
    ),
    settings=False,
    public=True,
)

_WATCHING: Final = _Registered(
    plural=Code("runs"),
    database=places.database(watched=False),
    handlers=tuple(
        (
            symbol(f"app.{kind}.jobs.{name}", pascal(name)),
            fill(
                "{}(database, {})",
                symbol(f"app.{kind}.jobs.{name}", f"{pascal(name)}Handler"),
                symbol("app.jobs", "JOBS"),
            ),
        )
        for kind, name in (
            ("queries", "list_runs"),
            ("queries", "get_run"),
            ("commands", "cancel_run"),
        )
    ),
    settings=False,
)


def render_handlers(logic: Logic, path: str) -> str:
    """Return the module that registers the handlers of the domain."""
    resources = [_registered(each) for each in logic.resources if each.operations]
    if logic.manages_tenants:
        resources.append(_TENANT)
    if logic.audit_permission:
        resources.append(_AUDIT)
    if logic.jobs:
        resources.append(_BACKGROUND)
    if logic.has_runs:
        resources.append(_WATCHING)
    if logic.webhooks:
        resources.append(_WEBHOOKS)
    if logic.senders:
        resources.append(_INBOX)
    database = places.database(watched=logic.keeps_measures)
    body = TEMPLATES.render("handlers.py.j2", artifact=path, resources=resources, database=database)
    header = "Which handler carries out which command or query that follows from the spec."
    return module(header, body, artifact=path)


def _registered(resource: Resource) -> _Registered:
    entity = resource.entity
    return _Registered(
        plural=attribute(entity.names.plural),
        database=places.database(watched=any(each.seconds for each in entity.measures)),
        handlers=tuple(
            (message_class(entity, each.operation), _handler(entity, each.operation))
            for each in resource.operations
        ),
        files=_files(entity),
    )


def _files(entity: Entity) -> Code | None:
    """Return what keeps the files of an entity; None when its rows are none."""
    if entity.file is None:
        return None
    return fill("{}(settings, {})", places.file_store(), literal(entity.table.name))


def _handler(entity: Entity, operation: Operation) -> Code:
    handler = handler_class(entity, operation)
    arguments = "database" if operation.kind.is_query else "database, settings"
    if _needs_files(entity, operation):
        arguments = f"{arguments}, files"
    return fill("{}({})", handler, Code(arguments))


def _needs_files(entity: Entity, operation: Operation) -> bool:
    if operation.kind is OperationKind.DELETE:
        return entity.file is not None and not entity.soft_delete
    return operation.upload or operation.kind is OperationKind.DOWNLOAD
