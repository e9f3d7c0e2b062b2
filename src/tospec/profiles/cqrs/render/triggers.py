"""Events that start jobs, as the jobs name and read them."""

from dataclasses import dataclass

from tospec.ir.jobs import Followed, Trigger
from tospec.profiles.cqrs.render.events import event_class
from tospec.python import Code, fill, identifier, join, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A row that an event leads to, as it is read."""

    name: Code
    repository: Code
    id: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What the class of a job says about the events that start it.

    Attributes:
        on: Their classes, as a tuple.
        when: What must hold.
        followed: Rows that are read before anything is done.
    """

    on: Code
    when: Code | None
    followed: tuple[Read, ...]


def started(trigger: Trigger) -> Started:
    """Return what the class of a job says about what starts it."""
    classes = [event_class(each) for each in trigger.events]
    return Started(
        on=fill("({},)" if len(classes) == 1 else "({})", join(", ", classes)),
        when=trigger.when,
        followed=tuple(_read(each) for each in trigger.followed),
    )


def heard(trigger: Trigger) -> Code:
    """Return the type of an event that starts a job: its class, or one of several."""
    return join(" | ", (event_class(each) for each in trigger.events))


def _read(followed: Followed) -> Read:
    names = followed.entity
    repository = symbol(f"app.repositories.{names.plural}", f"{names.type}Repository")
    return Read(
        name=identifier(followed.name),
        repository=fill("{}(self._transaction)", repository),
        id=followed.id,
    )
