"""Names that a spec declares: what they may be, and that no two are alike."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tospec.python import attribute_problem, name_problem, pascal, plural, snake
from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.notations import well_spelled
from tospec.syntax.problems import Problems
from tospec.syntax.shapes import Notation

SYSTEM_FIELDS: Final = (
    "id",
    "tenant_id",
    "created_at",
    "updated_at",
    "deleted_at",
    "version",
)
"""Fields that the convention data-1 adds, or that the database keeps for itself."""

BUILT_IN_ENTITIES: Final = ("Tenant", "User", "Invitation", "AuditEntry")
PLATFORM_CLASSES: Final = frozenset(
    {
        "Actor",
        "Annotated",
        "Any",
        "Base",
        "Boolean",
        "CheckConstraint",
        "ClassVar",
        "Clock",
        "Code",
        "Column",
        "ColumnElement",
        "ConcurrentUpdateError",
        "ConflictError",
        "Context",
        "Database",
        "Date",
        "Decimal",
        "Dispatch",
        "Dispatcher",
        "Duration",
        "Entity",
        "EntityRepository",
        "Enum",
        "Event",
        "ExactDecimal",
        "Final",
        "ForeignKey",
        "FromClause",
        "Id",
        "IfMatch",
        "Index",
        "Input",
        "Instant",
        "Integer",
        "InvalidReferenceError",
        "InvalidTransitionError",
        "InvitationAcceptance",
        "InvitationInput",
        "IssuedInvitationView",
        "Json",
        "JsonBody",
        "ListParameters",
        "ListRequest",
        "Listing",
        "Literal",
        "Mapping",
        "MappingProxyType",
        "MembershipView",
        "Message",
        "Nesting",
        "Numbered",
        "NotFoundError",
        "Outbox",
        "Page",
        "PageRequest",
        "PageView",
        "Parameters",
        "Payload",
        "Permission",
        "Permitted",
        "Precondition",
        "Principal",
        "Problem",
        "ReferencedError",
        "References",
        "RefreshInput",
        "Request",
        "RequiredIfMatch",
        "Response",
        "Role",
        "Router",
        "Rule",
        "Runtime",
        "Select",
        "Sequence",
        "Service",
        "Settings",
        "SignInInput",
        "SignUpInput",
        "Sql",
        "StrEnum",
        "String",
        "Table",
        "TenantId",
        "Text",
        "ToMany",
        "TokenView",
        "Transaction",
        "Transition",
        "UniqueConflictError",
        "UserRepository",
        "UserUpdate",
        "UtcDateTime",
        "Uuid",
        "View",
    }
)
"""Classes that modules of every backend import or define."""
_OF_ROOMS: Final = {
    "operation": ("Created", "Item", "NoContent"),
    "view": ("Changes", "Field", "SecretStr"),
}
"""Names that are taken in the modules where such things are defined."""
_PLATFORM_TABLES: Final = frozenset(
    {
        "alembic_version",
        "audit_entries",
        "idempotency_records",
        "invitations",
        "outbox_messages",
        "refresh_tokens",
        "sign_in_attempts",
        "tenants",
        "users",
    }
)
_PLATFORM_MODULES: Final = frozenset(
    {"account", "auth", "base", "conftest", "email", "field", "health", "me", "mention", "page"}
    | {"problem", "session"}
)
_PLATFORM_SETTINGS: Final = frozenset(
    {
        "access_token_lifetime",
        "admin_enabled",
        "allowed_hosts",
        "body_timeout",
        "check_answers",
        "database_connect_timeout",
        "database_lock_timeout",
        "database_max_overflow",
        "database_pool_size",
        "database_pool_timeout",
        "database_statement_timeout",
        "database_url",
        "direct_requests",
        "docs_enabled",
        "environment",
        "idempotency_keep",
        "invitation_lifetime",
        "lockout_duration",
        "lockout_failures",
        "lockout_window",
        "log_level",
        "max_body_size",
        "max_concurrent_requests",
        "metrics_enabled",
        "metrics_port",
        "migration_database_url",
        "otel_exporter_otlp_endpoint",
        "production",
        "public_url",
        "rate_limit_requests",
        "rate_limit_within",
        "redis_url",
        "refresh_token_lifetime",
        "secret",
        "seconds_until_stop",
        "secret_key",
        "serves_docs",
        "serves_metrics",
        "session_check_interval",
        "shutdown_delay",
        "shutdown_timeout",
        "sign_in_limit_requests",
        "sign_in_limit_within",
        "trusted_proxies",
    }
)
_INTEGRATION_NAMES: Final = frozenset(
    {"answers", "breaker", "budget", "call", "channel", "connection", "metrics", "policies"}
    | {"database", "policy", "retry", "breaking", "integrations", "worker", "troubled", "close"}
)
_DEVICES: Final = frozenset(
    {"aux", "con", "nul", "prn", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
)
_MODULES: Final = frozenset(
    {
        "alembic",
        "app",
        "fastapi",
        "migrations",
        "postgres",
        "pydantic",
        "sqlalchemy",
        "starlette",
        "tests",
    }
)
_OF_SCHEMAS: Final = frozenset({"keys", "of"})
"""What classes of bodies, views and events call their own, or what makes a mapping of an object."""
_EXPRESSION_WORDS: Final = frozenset(
    {"before", "count", "event", "exists", "has", "in", "input", "now", "principal", "settings"}
)


@dataclass(slots=True)
class Declared:
    """Names of one kind with the places where they are declared.

    Attributes:
        what: The kind, in the words of a message.
    """

    what: str
    problems: Problems
    spans: dict[str, Span] = field(default_factory=dict)
    _alike: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, span: Span) -> bool:
        """Take a name in; report it, and answer False, when it is taken or looks like another."""
        alike = self._alike.setdefault(_plain(name), name)
        if name in self.spans:
            self._report(
                codes.DUPLICATE_NAME, name, span, f"The {self.what} '{name}' is declared twice."
            )
            return False
        if alike != name:
            message = f"The {self.what}s '{alike}' and '{name}' differ only in case or underscores."
            self._report(codes.SIMILAR_NAME, alike, span, message)
        self.spans[name] = span
        return True

    def _report(self, code: str, first: str, span: Span, message: str) -> None:
        where = ((self.spans[first], "It is declared here first."),)
        self.problems.add(code, span, message, "Give one of them another name.", where)


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def check_member_name(name: str, what: str, span: Span, problems: Problems) -> None:
    """Report a field, relation, computed value or input whose name is taken."""
    if not well_spelled(name, Notation.SNAKE):
        return
    problem = attribute_problem(name)
    if name in _OF_SCHEMAS and what in {"field", "computed value"}:
        problem = f"'{name}' is a part of every body and view."
    elif name in SYSTEM_FIELDS and what != "input":
        problem = f"Every entity has '{name}' already."
    elif not problem and name in _EXPRESSION_WORDS:
        problem = f"'{name}' has a meaning in expressions."
    elif not problem and name.startswith(("pg_", "sqlite_")):
        problem = f"'{name}' is reserved by the databases."
    if problem:
        help_ = f"Give the {what} another name."
        problems.add(codes.RESERVED_NAME, span, problem, help_)


def check_word(name: str, what: str, span: Span, problems: Problems) -> None:
    """Report a role, state, transition or person whose name cannot stand in the code."""
    problem = name_problem(name)
    if problem and well_spelled(name, Notation.SNAKE):
        problems.add(codes.RESERVED_NAME, span, problem, f"Give the {what} another name.")


def check_integration_name(name: str, span: Span, problems: Problems) -> None:
    """Report an integration whose name cannot stand in the code, or in health."""
    problem = name_problem(name)
    if name in _INTEGRATION_NAMES:
        problem = f"'{name}' is a part of every backend with integrations."
    if problem and well_spelled(name, Notation.SNAKE):
        help_ = "Give the integration another name."
        problems.add(codes.RESERVED_NAME, span, problem, help_)


def check_class_name(name: str, what: str, span: Span, problems: Problems) -> None:
    """Report an entity, view, operation or event whose name cannot stand in the code."""
    if not well_spelled(name, Notation.PASCAL):
        return
    problem = name_problem(snake(name))
    if pascal(snake(name)) != name:
        message = f"'{name}' cannot be told from '{pascal(snake(name))}'."
        problems.add(codes.BAD_NAME, span, message, f"Write '{pascal(snake(name))}'.")
    elif name in BUILT_IN_ENTITIES and what == "entity":
        problem = f"'{name}' comes with the conventions."
    elif name in PLATFORM_CLASSES or name in _OF_ROOMS.get(what, ()):
        problem = f"'{name}' is a part of every backend."
    if problem:
        problems.add(codes.RESERVED_NAME, span, problem, f"Give the {what} another name.")


def check_setting_name(name: str, span: Span, problems: Problems) -> None:
    """Report a setting that every backend has, or that no attribute could be called."""
    if not well_spelled(name, Notation.CAPITALS):
        return
    problem = attribute_problem(name.lower())
    if name.lower() in _PLATFORM_SETTINGS:
        problem = f"Every backend has the setting '{name}' already."
    if problem:
        problems.add(codes.RESERVED_NAME, span, problem, "Give the setting another name.")


def check_system_name(name: str, span: Span, problems: Problems) -> None:
    """Report a service named like something that its backend has to import, or like a device."""
    taken = name in _DEVICES or name.replace("-", "_") in _MODULES
    if taken or name.replace("-", "_") in sys.stdlib_module_names:
        message = f"'{name}' is the name of something else on every machine."
        problems.add(codes.RESERVED_NAME, span, message, "Give the service another name.")


def check_tables(entities: Iterable[tuple[str, Span]], problems: Problems) -> None:
    """Report entities whose tables or modules would have one name."""
    tables: dict[str, tuple[str, Span]] = {}
    for name, span in entities:
        table = plural(snake(name))
        if name in BUILT_IN_ENTITIES:
            continue
        if table in _PLATFORM_TABLES or snake(name) in _PLATFORM_MODULES:
            message = f"'{name}' would take the place of a part of every backend."
            problems.add(codes.RESERVED_NAME, span, message, "Give the entity another name.")
        _check_table((name, span), table, tables, problems)


def _check_table(
    entity: tuple[str, Span],
    table: str,
    tables: dict[str, tuple[str, Span]],
    problems: Problems,
) -> None:
    """Report an entity called like the rows of another; `tables` maps both forms to entities."""
    name, span = entity
    for form in (table, snake(name)):
        first, first_span = tables.setdefault(form, entity)
        if first != name:
            message = f"'{first}' and '{name}' would both be called '{form}' in the database."
            related = ((first_span, f"'{first}' is declared here."),)
            help_ = "Name entities in the singular, and no two alike."
            problems.add(codes.TABLE_CLASH, span, message, help_, related)
            return
