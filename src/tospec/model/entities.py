"""Entities: what the system remembers, and the rules that rows obey."""

from dataclasses import dataclass
from enum import StrEnum

from tospec.model.expressions import Expression
from tospec.model.fields import Field
from tospec.source import Span


class OnDelete(StrEnum):
    """What happens to a row when the row that it refers to is deleted."""

    RESTRICT = "restrict"
    CASCADE = "cascade"
    SET_NULL = "set_null"


class Write(StrEnum):
    """How clients write a relation to many."""

    BODY = "body"
    LINKS = "links"


class Moment(StrEnum):
    """What kind of change a rule or an event is about."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    TRANSITION = "transition"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A relation of an entity to itself that forms trees."""

    max_depth: int
    error: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A reference from one entity to another; both ends are named here.

    Attributes:
        name: Name of this end. The column and the wire name of a relation to one is `<name>_id`;
            a relation to many is `<singular>_ids` on the wire.
        to: Name of the entity at the other end.
        inverse: Name of the relation as seen from the other end; empty when it has none.
        many: True for n:m, False for n:1.
        generated_by_principal: Filled with the principal at creation.
        write: For n:m: in the body of create and update, or by routes of its own.
        permission: For n:m with routes of its own: who may link and unlink.
        max: For n:m: greatest number of links; None when unlimited.
    """

    name: str
    to: str
    span: Span
    inverse: str = ""
    many: bool = False
    optional: bool = False
    immutable: bool = False
    generated_by_principal: bool = False
    on_delete: OnDelete = OnDelete.RESTRICT
    on_delete_given: bool = False
    write: Write = Write.BODY
    permission: str | None = None
    max: int | None = None
    tree: Tree | None = None
    description: str = ""
    origin: str = "spec"

    @property
    def writable(self) -> bool:
        """Whether a client may send it when it creates a row."""
        return not self.generated_by_principal and not (self.many and self.write is Write.LINKS)

    @property
    def changeable(self) -> bool:
        """Whether a client may send it when it updates a row."""
        return self.writable and not self.immutable


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A value that is derived from the row whenever it is read."""

    name: str
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """Fields or relations whose values no two rows of a tenant share."""

    fields: tuple[str, ...]
    ignore_case: bool
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Fields or relations that are searched together."""

    fields: tuple[str, ...]
    span: Span
    origin: str = "spec"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A condition that must hold, and the error case when it does not."""

    that: Expression
    error: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A requirement on every change of some kinds."""

    on: tuple[Moment, ...]
    requirement: Requirement
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A field or relation to one that an operation sets."""

    target: str
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """An event that a change announces.

    Attributes:
        changed: Announce only when this field or relation differs from before and is not null.
        for_each: Expression that gives a list; one event for each item. None for one event.
    """

    event: str
    on: tuple[Moment, ...]
    changed: str | None
    for_each: Expression | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """An edge of a lifecycle."""

    name: str
    sources: tuple[str, ...]
    target: str
    permission: str
    policy: str | None
    require: tuple[Requirement, ...]
    input: tuple[Field, ...]
    set: tuple[Assignment, ...]
    emits: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The states of an entity and the moves between them.

    Attributes:
        field: Name of the field that holds the state.
        states: All states, in order of first mention.
        error: Error case of a move that the lifecycle does not have.
    """

    field: str
    initial: str
    terminal: tuple[str, ...]
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may do what to a row; permissions have been checked before.

    Attributes:
        visible: Who may know that the row exists; others get the answer for a row that does not,
            and lists leave it out. An inherited policy is already folded in.
        inherit: Relation to one whose visibility is inherited; None when there is none.
        allow: By action (`update`, `delete`, the names used by transitions): who may do it.
            An action that is absent is allowed to whoever sees the row.
    """

    visible: Expression | None
    inherit: str | None
    allow: tuple[tuple[str, Expression], ...]
    span: Span

    def of(self, action: str) -> Expression | None:
        """Return who may do `action` to a row that they see; None when everyone may."""
        return dict(self.allow).get(action)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """What a list of rows can be filtered, searched and sorted by.

    Attributes:
        default_sort_given: Whether the spec itself wrote `default_sort`.
        requirements: Ids of the requirements that it serves besides those of the entity.
    """

    filter: tuple[str, ...]
    search: tuple[str, ...]
    sort: tuple[str, ...]
    default_sort: str
    span: Span
    default_sort_given: bool = False
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRule:
    """What the files may be that rows of an entity are.

    Attributes:
        max_size: Greatest size in bytes; 0 when the spec leaves it open.
        media_types: What they may be; empty when the spec leaves it open. An installation may
            choose others.
    """

    max_size: int
    media_types: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Something that the system remembers.

    Attributes:
        fields: Scalar fields, the convention's own (`id`, `created_at`, `updated_at`, `version`)
            and the lifecycle's state among them.
        crud: By operation (`create`, `read`, `list`, `update`, `delete`, `restore`): its
            permission.
        under: Relation to one below whose item the list and create routes hang; None when flat.
        built_in: Whether the entity comes with a convention (tenants, users, invitations).
        file: What a row may be, when each is a file; None for rows that are none.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...]
    computed: tuple[Computed, ...]
    unique: tuple[Unique, ...]
    indexes: tuple[Index, ...]
    optimistic: bool
    soft_delete: bool
    audit: bool
    crud: tuple[tuple[str, str], ...]
    under: str | None
    listing: ListOptions
    policy: Policy | None
    rules: tuple[Rule, ...]
    lifecycle: Lifecycle | None
    emits: tuple[Emission, ...]
    item_view: str
    list_view: str
    built_in: bool
    requirements: tuple[str, ...]
    span: Span
    origin: str = "spec"
    file: FileRule | None = None

    def field(self, name: str) -> Field | None:
        """Return the field called `name`, if there is one."""
        return next((field for field in self.fields if field.name == name), None)

    def relation(self, name: str) -> Relation | None:
        """Return the relation called `name`, if there is one."""
        return next((relation for relation in self.relations if relation.name == name), None)

    @property
    def restores(self) -> bool:
        """Whether clients may bring deleted rows back."""
        return self.soft_delete and any(verb == "restore" for verb, _ in self.crud)

    @property
    def state_field(self) -> str | None:
        """Name of the field that holds the lifecycle's state."""
        return self.lifecycle.field if self.lifecycle else None
