"""Services: what happens to rows when operations run."""

from dataclasses import dataclass
from enum import StrEnum

from tospec.ir.conditions import Alias
from tospec.ir.events import Emission
from tospec.ir.names import EntityNames
from tospec.ir.operations import Fault
from tospec.python import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A member of a body that names other rows.

    Attributes:
        name: The member: `project_id`, `label_ids`.
        to: The entity at the other end.
        has_policy: Whether its rows are visible to some only.
    """

    name: str
    to: EntityNames
    has_policy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A value that an operation stores.

    Attributes:
        field: Column that it is stored in.
        value: Its source; may name `body`, `self` and the row.
        aliases: Rows that the source names, in order; declared before it.
    """

    field: str
    value: Code
    aliases: tuple[Alias, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCall:
    """The rules that a method asks.

    Attributes:
        function: Name of the function that returns them.
        inputs: Members of the body that it needs.
        uses_settings: Whether it needs settings.
    """

    function: str
    inputs: tuple[str, ...] = ()
    uses_settings: bool = False


class Tie(StrEnum):
    """What becomes of rows that refer to one that goes."""

    REMOVE = "remove"
    CLEAR = "clear"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """Rows of an entity that refer to the rows that go.

    Attributes:
        entity: Their entity.
        column: How they refer.
        audit: Whether changes to them leave audit entries.
        is_self: Whether they are rows of the same entity.
        kept: Whether there may be deleted ones that refer to what goes for good.
    """

    entity: EntityNames
    column: str
    tie: Tie
    audit: bool
    is_self: bool
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """How a row comes into being."""

    body: str
    under: EntityNames | None
    under_column: str
    generated: tuple[str, ...]
    rules: RuleCall | None
    emissions: tuple[Emission, ...]
    faults: tuple[Fault, ...]
    is_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """How a row changes."""

    body: str
    rules: RuleCall | None
    emissions: tuple[Emission, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """How a row goes.

    Attributes:
        is_operation: Whether clients may ask for it; otherwise it only goes with another.
    """

    is_operation: bool
    rules: RuleCall | None
    dependents: tuple[Dependent, ...]
    emissions: tuple[Emission, ...]
    faults: tuple[Fault, ...]
    removal_faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """How a deleted row comes back."""

    rules: RuleCall | None
    emissions: tuple[Emission, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """How a row moves along its lifecycle.

    Attributes:
        name: The edge's name.
        method: Name of the method.
        body: Class of the body, or None.
        emissions: Those of this edge alone.
    """

    name: str
    method: str
    target: str
    body: str | None
    rules: RuleCall | None
    values: tuple[Assignment, ...]
    emissions: tuple[Emission, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The moves of a lifecycle.

    Attributes:
        field: Column of the state.
        constant: Mapping of the moves.
        emissions: Those of every move.
    """

    field: str
    constant: str
    transitions: tuple[Transition, ...]
    emissions: tuple[Emission, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How a row is linked to others, one at a time.

    Attributes:
        relation: The relation: `members`.
        word: One of them: `member`.
        field: Member of the entity that holds the ids.
        to: The entity at the other end.
        parameter: Name of the other row's id.
    """

    relation: str
    word: str
    field: str
    to: EntityNames
    parameter: str
    has_policy: bool
    limit: int | None
    rules: RuleCall | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionMethod:
    """What a command of the spec's own does.

    Attributes:
        operation: Name of the command.
        method: Name of the method; also the last part of the audit entry's name.
        about: One sentence.
    """

    operation: str
    method: str
    about: str
    body: str | None
    rules: RuleCall | None
    values: tuple[Assignment, ...]
    emissions: tuple[Emission, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What may happen to the rows of one entity."""

    references: tuple[Reference, ...]
    audit: bool
    create: Create | None
    update: Update | None
    delete: Delete | None
    restore: Restore | None
    lifecycle: Lifecycle | None
    links: tuple[Link, ...]
    link_emissions: tuple[Emission, ...]
    actions: tuple[ActionMethod, ...]
