"""Operations: commands and queries, with their place on the wire."""

from dataclasses import dataclass
from enum import StrEnum

from tospec.ir.bulks import BulkBody
from tospec.ir.conditions import Action
from tospec.ir.names import EntityNames


class OperationKind(StrEnum):
    """What an operation does."""

    CREATE = "create"
    READ = "read"
    LIST = "list"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    TRANSITION = "transition"
    LINK = "link"
    UNLINK = "unlink"
    ACTION = "action"
    DOWNLOAD = "download"
    MEASURE = "measure"
    BULK = "bulk"

    @property
    def is_query(self) -> bool:
        """Whether it only tells."""
        return self in {
            OperationKind.READ,
            OperationKind.LIST,
            OperationKind.DOWNLOAD,
            OperationKind.MEASURE,
        }


class Precondition(StrEnum):
    """What a client has to say about the version that it changes."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Selection(StrEnum):
    """How a list finds its rows."""

    ALL = "all"
    MATCHING = "matching"
    UNDER = "under"
    FIXED = "fixed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A way in which an operation or a method can fail.

    Attributes:
        type: Class of the error.
        is_own: Whether it is one of the spec's error cases.
        about: When it happens, in a sentence.
    """

    type: str
    about: str
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a member of a row tells of whether an operation would be refused.

    Attributes:
        member: Name on the wire.
        value: What it must be, or must not be.
        equal: Whether it must be that.
    """

    member: str
    value: str | int | bool | None
    equal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A command or query.

    Attributes:
        name: Its message: `UpdateTask`.
        function: Its module and endpoint: `update_task`.
        about: One sentence.
        path: Template with parameters such as `{task_id}`.
        parameters: The path's parameters, in order.
        permission: What the role must hold, as the spec has it; None when signing in is enough.
        policy: What decides about the row; None when seeing it is enough.
        under: Entity above, for lists and creations below an item.
        body: Class of the body, or None.
        method: Method of the service, for commands.
        other: The other entity of a link, and the path's parameter for it.
        precondition: What is asked of `If-Match`.
        view: Class of the answer; None for an answer without body.
        query: Class of the parameters, for lists.
        selection: How a list finds its rows.
        has_filters: Whether a list can be narrowed.
        versioned: Whether answers carry the entity's version as `ETag`.
        upload: Whether the body is a file, and what `body` names comes in the query.
        keyed: Whether it may be repeated under an `Idempotency-Key`.
        faults: Errors besides those of every operation of its kind.
        shared: Whether a bulk carries it out within its own transaction.
        bulk: What the items of a bulk may ask for.
        tellings: What members of a row must be for a move or a command.
    """

    name: str
    function: str
    kind: OperationKind
    about: str
    http_method: str
    path: str
    parameters: tuple[str, ...]
    permission: str | None
    policy: Action | None = None
    under: EntityNames | None = None
    body: str | None = None
    method: str = ""
    other: str | None = None
    precondition: Precondition = Precondition.NONE
    view: str | None = None
    query: str | None = None
    selection: Selection = Selection.ALL
    has_filters: bool = False
    versioned: bool = False
    upload: bool = False
    keyed: bool = False
    faults: tuple[Fault, ...] = ()
    requirements: tuple[str, ...] = ()
    shared: bool = False
    bulk: BulkBody | None = None
    tellings: tuple[Telling, ...] = ()

    @property
    def success(self) -> int:
        """The status of success."""
        if self.kind is OperationKind.DOWNLOAD:
            return 200
        if self.view is None:
            return 204
        return 201 if self.kind is OperationKind.CREATE else 200
