"""What is remembered, in dictionaries; one lock makes requests take turns."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def moment(value: datetime | None) -> str | None:
    """Return how a moment is written."""
    return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(kw_only=True)
class Row:
    """Anything that has an identity and a history."""

    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    version: int = 1

    @property
    def etag(self) -> str:
        """The strong entity tag of this version."""
        digest = hashlib.sha256(f"{self.id}/{self.version}".encode()).hexdigest()
        return f'"{digest[:24]}"'

    def touch(self) -> None:
        """Count a change."""
        self.version += 1
        self.updated_at = now()


@dataclass(kw_only=True)
class Household(Row):
    """A tenant."""

    name: str


@dataclass(kw_only=True)
class Somebody(Row):
    """Somebody with an account; `families` are the sign-ins that have not ended."""

    household: Household
    email: str
    name: str
    handle: str
    role: str
    salt: bytes
    password: bytes
    disabled: bool = False
    families: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Invitation(Row):
    """An invitation; `open` until it was accepted or taken back."""

    household: Household
    email: str
    role: str
    inviter: Somebody
    expires_at: datetime
    secret: str
    open: bool = True


@dataclass(kw_only=True)
class Tag(Row):
    """A word that groups tasks."""

    name: str
    user: Somebody


@dataclass(kw_only=True)
class Task(Row):
    """Something to get done."""

    title: str
    description: str
    priority: str
    due_at: datetime | None
    tag_ids: list[str]
    user: Somebody
    completed: bool = False
    completed_at: datetime | None = None

    @property
    def overdue(self) -> bool:
        """Whether it should have been done."""
        return self.due_at is not None and self.due_at < now() and not self.completed


@dataclass
class Bearer:
    """Whom a token stands for, in which sign-in, and until when."""

    who: Somebody
    family: str
    until: datetime
    used_at: datetime | None = None


class Memory:
    """All there is."""

    def __init__(self) -> None:
        self.turn = RLock()
        self.forget()

    def forget(self) -> None:
        """Be as new."""
        self.people: dict[str, Somebody] = {}
        self.invitations: dict[str, Invitation] = {}
        self.tags: dict[str, Tag] = {}
        self.tasks: dict[str, Task] = {}
        self.access: dict[str, Bearer] = {}
        self.refresh: dict[str, Bearer] = {}
        self.attempts: dict[str, list[tuple[datetime, bool]]] = {}
        self.cursors: dict[str, tuple[object, tuple[object, str]]] = {}
