"""The tests that come with a backend: what they make, what they call, and what must follow."""

from dataclasses import dataclass

from tospec.ir.names import EntityNames
from tospec.python import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A column, link or member with its source."""

    name: str
    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A row that is made for a test.

    Attributes:
        variable: What it is called.
        names: What it is.
        values: What is special about it.
    """

    variable: str
    names: EntityNames
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a row is made of.

    Attributes:
        before: Rows that are made first, in order.
        values: Columns and links; sources may name the variables of `before`.
        after: Rows that refer to it, made afterwards; sources may name the row itself.
    """

    before: tuple[Made, ...] = ()
    values: tuple[Value, ...] = ()
    after: tuple[Made, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Factory:
    """How rows of an entity are made.

    Attributes:
        values: Columns that an ordinary row has besides those with a default.
        parents: Rows that it cannot be without, by column.
        least: Body of the least that creates one; None when nobody creates any.
        full: Body with everything; no value is the default.
        hidden: How a row has to differ so that not everybody sees it; None when all see all.
        kept: Columns of a row that `full` could have made and that are never changed.
    """

    names: EntityNames
    repository: str
    values: tuple[Value, ...]
    parents: tuple[tuple[str, EntityNames], ...]
    least: Given | None
    full: Given | None
    hidden: Given | None
    kept: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A member of a body that names an object.

    Attributes:
        names: What it names; None for a person.
        blind: Roles that may call the operation and do not see a hidden object.
    """

    member: str
    names: EntityNames | None
    many: bool
    blind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A rule that refuses a call.

    Attributes:
        error: Code of the error case.
        status: Its status.
        given: How the row has to differ so that the rule does not hold, and all earlier ones do.
        requirements: Ids of the requirements that ask for it.
    """

    error: str
    status: int
    requirements: tuple[str, ...]
    given: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Whether a role may do something to a row, by whose it is.

    Attributes:
        role: Role of who tries.
        mine: Columns of the row that hold who tries; the others hold somebody else.
    """

    role: str
    mine: tuple[str, ...]
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation as tests call it.

    Attributes:
        name: `StartTask`.
        function: `start_task`.
        kind: What it does: `create`, `read` and so on.
        roles: Roles that hold its permission.
        served: Those of them for which the call of `given` succeeds, as far as can be told.
        given: What the row that it is about is made of.
        above: For lists and creations below an item: the relation to it, and what it is.
        parameters: Parameters of the path.
        other: For links: what is linked; None for a person.
        links: For links: field that holds the ids.
        body: Members of the body; None without a body.
        creates: Whether the body is the least that creates a row.
        uploads: Whether that body goes with a file.
        row: For lists: what makes a row that it lists.
        most_rows: How many rows of its entity a test can make in one tenant, 20 or fewer.
        hidden: Values that hide a row from some; None when nothing does.
        blind: Roles that hold the permission and do not see a hidden row.
        audit: Action of its audit entry; None when it leaves none.
        events: Types of events; None when that cannot be told.
        refusals: Rules that refuse it.
        cells: Who may, as far as it depends on the row.
    """

    name: str
    function: str
    kind: str
    method: str
    path: str
    success: int
    requirements: tuple[str, ...]
    roles: tuple[str, ...]
    served: tuple[str, ...]
    given: Given
    above: tuple[str, EntityNames] | None
    parameters: tuple[str, ...]
    other: EntityNames | None
    links: str | None
    body: tuple[Value, ...] | None
    creates: bool
    uploads: bool
    versioned: bool
    conditional: bool
    demands_condition: bool
    row: Given | None
    most_rows: int
    hidden: Given | None
    blind: tuple[str, ...]
    references: tuple[Reference, ...]
    audit: str | None
    events: tuple[str, ...] | None
    refusals: tuple[Refusal, ...]
    cells: tuple[Cell, ...]
