"""The wire format: bodies, parameters of lists, views."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tospec.ir.listing import Filter
from tospec.ir.tables import EnumType

type Value = str | int | Decimal | bool


class MemberKind(StrEnum):
    """What kind of value a member holds."""

    STRING = "string"
    TEXT = "text"
    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    UUID = "uuid"
    ENUM = "enum"
    EMAIL = "email"
    URL = "url"
    SLUG = "slug"
    JSON = "json"
    IDS = "ids"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of an object on the wire.

    Attributes:
        nullable: Whether it may be null.
        default: What a body that leaves it out stands for; None when there is none.
        length: Least and greatest number of code points.
        range: Least and greatest value; either may be None.
        digits: Total digits and digits after the point of a decimal; None when unlimited.
        limit: Greatest number of ids.
        enum: The type of an enum.
        is_own: Whether the enum is defined beside the schemas rather than with the model.
    """

    name: str
    kind: MemberKind
    nullable: bool = False
    default: Value | None = None
    length: tuple[int, int] | None = None
    range: tuple[Decimal | None, Decimal | None] | None = None
    digits: tuple[int, int] | None = None
    pattern: str | None = None
    limit: int | None = None
    enum: EnumType | None = None
    is_own: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a client sends.

    Attributes:
        type: Its class: `TaskCreate`.
        about: One sentence.
        is_change: Whether members that are left out stay as they are.
    """

    type: str
    about: str
    members: tuple[Member, ...]
    is_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The query of a list.

    Attributes:
        type: Their class: `TaskListParameters`.
        sorts: What `sort` may name, without sign.
    """

    type: str
    about: str
    filters: tuple["Parameter", ...]
    sorts: tuple[str, ...]
    default_sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A filter as a client writes it.

    Attributes:
        member: What one value looks like; None for the search.
    """

    filter: Filter
    member: Member | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a client receives.

    Attributes:
        name: The spec's name.
        type: Its class.
    """

    name: str
    type: str
    about: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """The wire format of one entity."""

    bodies: tuple[Body, ...]
    parameters: tuple[Parameters, ...]
    views: tuple[View, ...]

    @property
    def own_enums(self) -> tuple[EnumType, ...]:
        """Enums that only bodies have, in order."""
        found = (m.enum for body in self.bodies for m in body.members if m.enum and m.is_own)
        return tuple(dict.fromkeys(found))
