"""Events: what is announced with a change, and when."""

from dataclasses import dataclass

from tospec.ir.names import EntityNames
from tospec.ir.schemas import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadItem:
    """A value that an event carries.

    Attributes:
        name: Its name in the event: `before_status`.
        of: The entity's member that it is read from: `status`.
        before: Whether the value before the change is meant.
    """

    name: str
    of: str
    member: Member
    before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a row.

    Attributes:
        name: Its class and its type on the wire: `TaskAssigned`.
        of: The entity that it is about.
        each: Name under which it carries an id besides: `user_id`; None for none.
        sender: The other service that tells it; empty for what happens here.
        subject: Name under which it carries the id of its row, where another service tells it.
    """

    name: str
    of: EntityNames
    about: str
    items: tuple[PayloadItem, ...]
    each: str | None
    requirements: tuple[str, ...]
    sender: str = ""
    subject: str = ""

    @property
    def has_before(self) -> bool:
        """Whether it tells of the time before the change."""
        return any(item.before for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A step from a row to one that it refers to.

    Attributes:
        column: Member that holds the other row's id.
    """

    column: str
    to: EntityNames
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPath:
    """Where the ids of people are found: by hops to a row, in one of its members."""

    hops: tuple[Hop, ...]
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """When an event is announced.

    Attributes:
        changed: Member that must differ from before, and hold something; None for always.
        nullable: Whether that member may hold nothing.
        is_many: Whether that member holds ids.
        mentions: Text whose mentions get one event each; None for none.
        links: Where the ids are that get one event each; None for none.
    """

    event: Event
    changed: str | None = None
    nullable: bool = False
    is_many: bool = False
    mentions: str | None = None
    links: LinkPath | None = None
