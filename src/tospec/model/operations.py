"""Operations: what a client can ask the system to do or to tell."""

from dataclasses import dataclass
from enum import StrEnum

from tospec.model.entities import Assignment, Requirement
from tospec.model.expressions import Expression
from tospec.model.fields import Field
from tospec.source import Span


class Kind(StrEnum):
    """What an operation does."""

    CREATE = "create"
    READ = "read"
    LIST = "list"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    DELETED = "deleted"
    TRANSITION = "transition"
    LINK = "link"
    UNLINK = "unlink"
    ACTION = "action"
    ACCOUNT = "account"
    DOWNLOAD = "download"
    MEASURE = "measure"

    @property
    def is_query(self) -> bool:
        """Whether it only tells and changes nothing."""
        return self in (Kind.READ, Kind.LIST, Kind.DELETED, Kind.DOWNLOAD, Kind.MEASURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A step of a command: set fields of the row that it is about."""

    set: tuple[Assignment, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Emit:
    """A step of a command: announce an event."""

    event: str
    span: Span


type Step = Update | Emit


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """For how long an answer is given again without being worked out anew.

    Attributes:
        seconds: The longest time.
        until: Entities; a change of a row of theirs ends it for the answers that the row is
            part of. None when the spec does not say.
    """

    seconds: int
    until: tuple[str, ...] | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A command or query with its place on the wire.

    Attributes:
        name: Name in PascalCase: `CreateTask`, `ListTasks`, `StartTask`, `ArchiveProject`.
        kind: What it does; sugar and custom operations alike.
        entity: The entity that it is about.
        method: HTTP method.
        path: Path template; parameters are `{entity}` in snake_case, such as `/v1/tasks/{task}`.
        permission: What the principal's role must hold; None for public operations and for those
            that every signed-in principal may use.
        public: Whether it needs no sign-in.
        policy: Action of the entity's policy that decides about the row; None when seeing it is
            enough.
        transition: Name of the transition, for transitions.
        relation: Name of the n:m relation, for links.
        input: Fields of the body beyond those of the entity (transitions and actions).
        require: Conditions of this operation alone.
        steps: What an action does.
        where: Fixed filter of a custom list.
        sort: Fixed default sort of a custom list.
        view: View of the answer; None when it has no body.
        upload: Whether the body is a file rather than JSON.
        keeping: How its answer is kept, for measures; None when each request measures.
        origin: `spec`, the sugar (`crud`, `lifecycle`, `links`), or the convention it comes from.
    """

    name: str
    kind: Kind
    entity: str
    method: str
    path: str
    permission: str | None
    view: str | None
    requirements: tuple[str, ...]
    span: Span
    public: bool = False
    policy: str | None = None
    transition: str | None = None
    relation: str | None = None
    input: tuple[Field, ...] = ()
    require: tuple[Requirement, ...] = ()
    steps: tuple[Step, ...] = ()
    where: Expression | None = None
    sort: str | None = None
    description: str = ""
    upload: bool = False
    keeping: Keeping | None = None
    origin: str = "spec"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """Several changes of rows of one entity in one request, each with its own result.

    Attributes:
        path: Path without parameters.
        permission: What the principal's role must hold to ask at all; each change asks for its
            own as well.
        transitions: Names of the moves that an item may ask for.
        update: Fields and relations that an item may set.
        most: How many items there may be; None when the spec does not say.
    """

    name: str
    entity: str
    method: str
    path: str
    permission: str | None
    transitions: tuple[str, ...]
    update: tuple[str, ...]
    most: int | None
    requirements: tuple[str, ...]
    span: Span
    description: str = ""
