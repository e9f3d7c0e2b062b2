"""The system: everything that a spec says, resolved."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from tospec.model.budgets import Budget
from tospec.model.entities import Computed, Entity, Relation
from tospec.model.fields import Field, Value
from tospec.model.integrations import Ask, Call, Integration, Message
from tospec.model.jobs import Job, JobOperator, Schedule
from tospec.model.operations import Bulk, Kind, Operation
from tospec.model.webhooks import Webhooks
from tospec.source import Span

type Reference = tuple[Entity, Relation]
"""A relation, after the entity that has it."""


class Authority(StrEnum):
    """Who may decide what the spec leaves open."""

    FULL = "full"
    SPEC = "spec"
    ESCALATE = "escalate"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementText:
    """A requirement: its id, its title and its prose."""

    id: str
    title: str
    prose: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """How rows are kept apart: `row` (each belongs to a tenant) or `none`."""

    kind: str
    walls: tuple[str, ...]
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """Local accounts with JSON Web Tokens. All times in seconds.

    Attributes:
        manage_tenant: Permission to rename the tenant and to change its time zone; None if
            nobody may.
        given: Keys that the spec itself wrote; the convention accounts-1 filled in the others.
    """

    kind: str
    access_token: int
    refresh_token: int
    password_length: tuple[int, int]
    lockout_failures: int
    lockout_within: int
    lockout_for: int
    invitation_expires: int
    sign_up_role: str
    manage_users: str
    manage_tenant: str | None
    events: tuple[tuple[str, str], ...]
    requirements: tuple[str, ...]
    span: Span
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What a role may be allowed to do."""

    name: str
    roles: tuple[str, ...]
    description: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCase:
    """A way in which an operation can fail by rule.

    Attributes:
        code: Name in CAPITALS; the `code` member of the problem document.
        status: HTTP status, 400 to 499.
        message: Text for people, the `detail` member.
    """

    code: str
    status: int
    message: str
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The shape of an answer: fields, relations and computed values of one entity, in order.

    Attributes:
        parts: Further members that show another row: the member and its view.
        texts: Further members that are lists of texts.
        measures: Further members that are measured over rows of the entity's relations.
    """

    name: str
    of: str
    fields: tuple[str, ...]
    requirements: tuple[str, ...]
    span: Span
    origin: str = "spec"
    parts: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    measures: tuple[Computed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadItem:
    """A value that an event carries: a field, relation or computed value, now or before."""

    path: str
    before: bool
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a row, announced with the change or told by another service.

    Attributes:
        message: What the other service tells; None for what happens here.
        sender: The integration that tells it; empty for what happens here.
    """

    name: str
    of: str
    payload: tuple[PayloadItem, ...]
    each: str | None
    description: str
    requirements: tuple[str, ...]
    span: Span
    message: Message | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that a scenario starts with.

    Attributes:
        by: Person who made it; None for the first person.
        values: By field or relation: a constant, a person, another row (`row`), or `row.relation`.
    """

    name: str
    entity: str
    by: str | None
    values: tuple[tuple[str, Value | tuple[str, ...]], ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """An example of how the system behaves.

    Attributes:
        people: Name and role of everybody in the tenant.
        actor: Who acts.
        operation: Name of the operation.
        on: Row that the operation is about.
        input: Body that is sent.
        status: HTTP status expected.
        error: Error case or problem slug expected.
        unchanged: Row that must be as before.
        without: Row that the answer's list must not hold.
        contains: Row that the answer's list must hold.
        values: Members of the answer and their values.
    """

    title: str
    people: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    actor: str
    operation: str
    on: str | None
    input: tuple[tuple[str, Value], ...]
    status: int
    error: str | None
    unchanged: str | None
    without: str | None
    contains: str | None
    values: tuple[tuple[str, Value], ...]
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer to an escalation, by its id (`TS0405 Task.assignee`)."""

    name: str
    answers: str
    choose: str
    because: str
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTrail:
    """Who may read the audit trail, and how long it is kept."""

    read: str
    keep: str
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """What a client may repeat under one `Idempotency-Key`.

    Attributes:
        keep: Seconds for which the first answer to a key is given again.
        given: Whether the spec itself wrote `keep`; otherwise the convention rest-1 fills it in.
    """

    keep: int
    given: bool
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How often something may be asked.

    Attributes:
        within: Seconds.
        per: Who is counted: `user`, `tenant` or `address`.
    """

    requests: int
    within: int
    per: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """How often the service may be asked.

    Attributes:
        default: By those who are signed in.
        sign_in: Without being signed in: to sign up, in, and to refresh or accept something.
        messages: By other services that tell something; None if none does.
        given: Whether the spec itself wrote `messages`; otherwise integrations-1 fills it in.
    """

    default: RateLimit
    sign_in: RateLimit
    messages: RateLimit | None
    given: bool
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """By what the service is watched.

    Attributes:
        endpoints: Where it is asked.
        traces: Where it sends spans of requests: `otlp`, or `none`.
        given: Whether the spec itself wrote `traces`; otherwise operations-1 fills it in.
    """

    endpoints: tuple[str, ...]
    traces: str
    given: bool
    requirements: tuple[str, ...]
    span: Span

    @property
    def is_traced(self) -> bool:
        """Whether an installation may have spans of requests sent somewhere."""
        return self.traces != "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminPage:
    """A page at `/admin` for people, on top of the operations.

    Attributes:
        enabled: Whether an installation serves it that does not say.
        given: Whether the spec itself wrote `enabled`; otherwise operations-1 fills it in.
    """

    enabled: bool
    given: bool
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Where the bytes of files are kept.

    Attributes:
        stores: What an installation may choose from: `folder`, `s3`.
    """

    stores: tuple[str, ...]
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of the spec: its kind and name, and the requirements that it serves."""

    kind: str
    name: str
    requirements: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A whole spec: typed, frozen, every name resolved. Tuples keep the spec's order."""

    name: str
    title: str
    version: str
    description: str
    profile: str
    databases: tuple[str, ...]
    conventions: tuple[str, ...]
    authority: tuple[tuple[str, Authority], ...]
    span: Span
    requirements: tuple[RequirementText, ...]
    tenancy: Tenancy | None
    auth: Auth | None
    audit: AuditTrail | None
    idempotency: Idempotency | None
    rate_limits: RateLimits | None
    watch: Operations | None
    storage: Storage | None
    roles: tuple[str, ...]
    permissions: tuple[Permission, ...]
    settings: tuple[Field, ...]
    entities: tuple[Entity, ...]
    views: tuple[View, ...]
    operations: tuple[Operation, ...]
    errors: tuple[ErrorCase, ...]
    events: tuple[Event, ...]
    scenarios: tuple[Scenario, ...]
    decisions: tuple[Decision, ...]
    blocks: tuple[Block, ...]
    bulks: tuple[Bulk, ...] = ()
    admin: AdminPage | None = None
    budgets: tuple[Budget, ...] = ()
    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    job_operator: JobOperator | None = None
    integrations: tuple[Integration, ...] = ()
    webhooks: Webhooks | None = None

    _entities: dict[str, Entity] = field(init=False, repr=False, compare=False)
    _views: dict[str, View] = field(init=False, repr=False, compare=False)
    _errors: dict[str, ErrorCase] = field(init=False, repr=False, compare=False)
    _events: dict[str, Event] = field(init=False, repr=False, compare=False)
    _permissions: dict[str, Permission] = field(init=False, repr=False, compare=False)
    _operations: dict[str, tuple[Operation, ...]] = field(init=False, repr=False, compare=False)
    _referring: dict[str, tuple[Reference, ...]] = field(init=False, repr=False, compare=False)
    _computed: dict[str, Computed] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        operations = _grouped((each.entity, each) for each in self.operations)
        referring = _grouped((to.to, (each, to)) for each in self.entities for to in each.relations)
        for name, index in (
            ("_entities", {entity.name: entity for entity in self.entities}),
            ("_views", {view.name: view for view in self.views}),
            ("_errors", {error.code: error for error in self.errors}),
            ("_events", {event.name: event for event in self.events}),
            ("_permissions", {permission.name: permission for permission in self.permissions}),
            ("_operations", operations),
            ("_referring", referring),
            ("_computed", {value.name: value for each in self.entities for value in each.computed}),
        ):
            object.__setattr__(self, name, index)

    def entity(self, name: str) -> Entity:
        """Return the entity called `name`; there is one, since names are resolved."""
        return self._entities[name]

    def view(self, name: str) -> View:
        """Return the view called `name`."""
        return self._views[name]

    def error(self, code: str) -> ErrorCase:
        """Return the error case called `code`."""
        return self._errors[code]

    def event(self, name: str) -> Event:
        """Return the event called `name`."""
        return self._events[name]

    def permission(self, name: str) -> Permission:
        """Return the permission called `name`."""
        return self._permissions[name]

    def operations_of(self, entity: str) -> tuple[Operation, ...]:
        """Return the operations about `entity`, in the spec's order."""
        return self._operations.get(entity, ())

    def jobs_of(self, entity: str) -> tuple[Job, ...]:
        """Return the jobs that change rows of `entity`, in the spec's order."""
        return tuple(job for job in self.jobs if job.entity == entity)

    def integration(self, name: str) -> Integration:
        """Return the integration called `name`."""
        return next(each for each in self.integrations if each.name == name)

    @property
    def senders(self) -> tuple[Integration, ...]:
        """The integrations that tell something of their own accord."""
        return tuple(each for each in self.integrations if each.sends)

    def call(self, ask: Ask) -> Call:
        """Return what a job asks for."""
        return next(
            each for each in self.integration(ask.integration).calls if each.name == ask.call
        )

    def changes_of(self, bulk: Bulk) -> tuple[Operation, ...]:
        """Return the operations that the items of a bulk may ask for: moves, then the update."""
        own = self.operations_of(bulk.entity)
        moves = (each for name in bulk.transitions for each in own if each.transition == name)
        updates = (each for each in own if each.kind is Kind.UPDATE and bulk.update)
        return (*moves, *updates)

    def referring_to(self, entity: str) -> tuple[Reference, ...]:
        """Return every relation to `entity` with the entity that has it, in the spec's order."""
        return self._referring.get(entity, ())

    def computed(self, name: str) -> Computed | None:
        """Return a computed value called `name`, the last one if entities share the name."""
        return self._computed.get(name)

    def takes_key(self, operation: Operation) -> bool:
        """Whether requests of `operation` may be repeated under an `Idempotency-Key`."""
        return self.idempotency is not None and operation.kind is Kind.CREATE

    def has(self, convention: str) -> bool:
        """Whether the spec adopted `convention`."""
        return convention in self.conventions


def _grouped[T](pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
