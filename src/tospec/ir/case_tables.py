"""What tests of one entity have to know, besides its operations."""

from dataclasses import dataclass

from tospec.ir.cases import Factory, Given, Operation, Value
from tospec.ir.job_cases import AskCase, EventJobCase, JobCase, MessageCase
from tospec.ir.names import EntityNames
from tospec.python import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A value of a member that a client sends."""

    member: str
    value: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What is accepted and refused in the body of one operation.

    Attributes:
        operation: Its name.
        accepted: Values at the edges of what is allowed.
        refused: Values beyond.
        required: Members that must not be left out.
        unknown: Members that are not the client's to send.
        shown: Members that the answer shows as they were sent.
    """

    operation: str
    accepted: tuple[Sent, ...]
    refused: tuple[Sent, ...]
    required: tuple[str, ...]
    unknown: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an answer shows.

    Attributes:
        operation: Name of the operation.
        members: Names on the wire.
        defaults: What a row shows of which a client sent the least.
        sent: Members of the full body that it shows.
    """

    operation: str
    members: tuple[str, ...]
    defaults: tuple[Value, ...] = ()
    sent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an update changes.

    Attributes:
        members: Members that may be changed to their value in the full body.
        nullable: Those that may be set to null.
    """

    members: tuple[str, ...]
    nullable: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Values that no two rows of a tenant share.

    Attributes:
        fields: Their names on the wire, as the answer to a conflict lists them.
        row: What the row that has them is made of.
        body: Members with the values of the row `taken`.
        elsewhere: Whether another tenant may use the values too.
        changeable: Whether an update may set them.
    """

    fields: tuple[str, ...]
    row: tuple[Value, ...]
    body: tuple[Value, ...]
    elsewhere: bool
    changeable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What becomes of a row when one that it refers to is deleted.

    Attributes:
        effect: `restrict`, `cascade`, `set_null`, or `unlink`.
        child: What refers.
        column: Its column, or its field with ids.
        values: What is special about it.
        audited: Whether what becomes of it leaves an entry.
    """

    effect: str
    child: EntityNames
    column: str
    values: tuple[Value, ...]
    audited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeCase:
    """A relation by which rows form trees.

    Attributes:
        column: Its column.
        shared: Columns that rows of a tree have in common.
        max_depth: Greatest number of levels.
        error: Code of the error case.
        changeable: Whether an update may move a row.
    """

    column: str
    shared: tuple[str, ...]
    max_depth: int
    error: str
    status: int
    changeable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A transition from one state."""

    state: str
    operation: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a transition or an action stores.

    Attributes:
        member: Name on the wire.
        value: What it stores; None for a time.
        before: What the row has to hold before, so that it shows; None for whatever it holds.
    """

    operation: str
    member: str
    value: Code | None
    before: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleCases:
    """Every transition from every state.

    Attributes:
        field: Name of the state on the wire.
        moves: Transitions that the lifecycle has.
        refused: State and operation of those that it does not have.
        allowed: By state: names of its transitions, sorted.
        raced: Operations that two racing requests cannot both carry out.
        requirements: Ids of the requirements that ask for the transitions and their guards.
    """

    field: str
    initial: str
    moves: tuple[Move, ...]
    refused: tuple[tuple[str, str], ...]
    allowed: tuple[tuple[str, tuple[str, ...]], ...]
    stored: tuple[Stored, ...]
    raced: tuple[str, ...]
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterCase:
    """Parameters of a list, with a row that they let pass and one that they do not.

    Attributes:
        name: For the name of the test.
        parameters: What is sent.
        wanted: Rows that pass.
        unwanted: A row that does not.
    """

    name: str
    parameters: tuple[Value, ...]
    wanted: tuple[Given, ...]
    unwanted: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCases:
    """What a list has to prove.

    Attributes:
        sorts: Names by which it sorts.
        default_sort: Its order when none is asked for.
        spread: Rows with values that differ, repeat, and are missing.
    """

    operation: str
    sorts: tuple[str, ...]
    default_sort: str
    spread: tuple[tuple[Value, ...], ...]
    filters: tuple[FilterCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCase:
    """One kind of change that an item of a bulk may ask for.

    Attributes:
        do: What the item says that is to be done.
        operation: What does it alone.
        members: What an update sets; None for what the operation's own call sends.
        refused: Roles that may not do it to a row that is not theirs.
    """

    do: str
    operation: str
    members: tuple[Value, ...] | None
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkCase:
    """Several changes in one request.

    Attributes:
        roles: Roles that may ask at all.
        most: How many items there may be.
        versioned: Whether an item may name a version.
    """

    name: str
    function: str
    path: str
    roles: tuple[str, ...]
    requirements: tuple[str, ...]
    most: int
    versioned: bool
    changes: tuple[ChangeCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An event for everybody whom a text mentions."""

    event: str
    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An event for a change of one relation to a person.

    Attributes:
        before: Whether it tells who it was before.
        optional: Whether the relation may be null.
    """

    event: str
    column: str
    before: bool
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCase:
    """A measure that counts rows by how long ago something was.

    Attributes:
        member: The measure.
        child: What is counted.
        column: Says which row's measure counts it.
        field: When it was.
        ago: How long before now the bound is, as a length of time.
        younger: Whether rows count after the bound, and not those before it.
    """

    operation: str
    member: str
    child: EntityNames
    column: str
    field: str
    ago: Code
    younger: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCases:
    """The tests of one entity.

    Attributes:
        variable: Name of one row in tests.
        media_type: What its files may be, for one; None when its rows are no files.
    """

    names: EntityNames
    variable: str
    requirements: tuple[str, ...]
    origins: tuple[str, ...]
    factory: Factory
    operations: tuple[Operation, ...]
    shown: tuple[Shown, ...]
    changes: Changes | None
    inputs: tuple[Inputs, ...]
    taken: tuple[Taken, ...]
    deletions: tuple[Deletion, ...]
    trees: tuple[TreeCase, ...]
    lifecycle: LifecycleCases | None
    lists: tuple[ListCases, ...]
    computed: tuple[str, ...]
    soft_delete: bool
    optimistic: bool
    mentions: tuple[Mention, ...]
    announced: tuple[Announced, ...]
    stored_effects: tuple[Stored, ...]
    bulks: tuple[BulkCase, ...]
    kept: "tuple[KeptCase, ...]" = ()
    windows: tuple[WindowCase, ...] = ()
    media_type: str | None = None
    jobs: tuple[JobCase, ...] = ()
    event_jobs: tuple[EventJobCase, ...] = ()

    @property
    def restores(self) -> bool:
        """Whether clients may bring deleted rows back."""
        return any(each.kind == "restore" for each in self.operations)

    def operation(self, kind: str) -> Operation | None:
        """Return the entity's own operation of a kind, if it has one that is served."""
        found = (each for each in self.operations if each.kind == kind and each.served)
        return next(found, None)

    def named(self, name: str) -> Operation:
        """Return the operation called `name`."""
        return next(each for each in self.operations if each.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPerson:
    """Somebody in a scenario; `number` counts those of one role from 0."""

    variable: str
    role: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRow:
    """A row in a scenario."""

    variable: str
    names: EntityNames
    by: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioCase:
    """An example of how the system behaves.

    Attributes:
        people: Those who are needed.
        on: Row that the operation is about; None for none.
        error: Code that the problem document has.
        values: Members of the answer.
    """

    title: str
    function: str
    requirements: tuple[str, ...]
    people: tuple[ScenarioPerson, ...]
    rows: tuple[ScenarioRow, ...]
    actor: str
    operation: Operation
    entity: EntityNames
    on: str | None
    input: tuple[Value, ...]
    status: int
    error: str | None
    unchanged: ScenarioRow | None
    without: str | None
    contains: str | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCase:
    """An event and the members of its payload."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCase:
    """Rows that a kept answer counts.

    Attributes:
        column: Says of a row which row's answer counts it.
        changes: Names of the operations that change such rows.
    """

    names: EntityNames
    column: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCase:
    """An operation whose answers are kept.

    Attributes:
        name: What its answers are called where they are kept.
        row: Name of the id of the row that it is about.
    """

    name: str
    operation: str
    row: str
    counted: tuple[CountedCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerns:
    """Ids of the requirements that ask for what every backend has to keep.

    Attributes:
        idempotency: None if no operation takes a key.
        rate_limits: None if there are none.
        admin: None if there is no page for people.
        jobs: None if there are none.
        webhooks: None if there are none.
        integrations: None if no other service is asked.
        messages: None if no other service tells anything.
        kept_answers: None if no answers are kept.
    """

    tenancy: tuple[str, ...]
    accounts: tuple[str, ...]
    roles: tuple[str, ...]
    audit: tuple[str, ...]
    events: tuple[str, ...]
    operations: tuple[str, ...]
    idempotency: tuple[str, ...] | None
    rate_limits: tuple[str, ...] | None
    admin: tuple[str, ...] | None
    jobs: tuple[str, ...] | None
    webhooks: tuple[str, ...] | None
    integrations: tuple[str, ...] | None
    messages: tuple[str, ...] | None
    kept_answers: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The tests that come with a backend.

    Attributes:
        settings: By environment variable that has no default: a value that it may have.
        asking: Jobs that ask other services.
        messages: What other services tell.
    """

    concerns: Concerns
    settings: tuple[tuple[str, str], ...]
    entities: tuple[EntityCases, ...]
    scenarios: tuple[ScenarioCase, ...]
    events: tuple[EventCase, ...]
    roles: tuple[str, ...]
    keeps_files: bool = False
    asking: tuple[AskCase, ...] = ()
    messages: tuple[MessageCase, ...] = ()
