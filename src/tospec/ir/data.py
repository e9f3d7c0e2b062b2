"""What a backend remembers."""

from dataclasses import dataclass

from tospec.ir.entities import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCase:
    """A way in which an operation can fail by rule.

    Attributes:
        type: Its class: `TaskUnassignedError`.
        slug: Name on the wire: `task-unassigned`.
    """

    code: str
    type: str
    slug: str
    status: int
    message: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataModel:
    """What a backend remembers, and the rules about it. Tuples keep the spec's order.

    Attributes:
        entities: Those of the spec; the conventions' own are scaffold.
        errors: All error cases.
        roles: All roles.
        keeps_answers: Whether answers to keys are kept.
        works: Whether there is work in the background.
        delivers: Whether events are delivered to webhooks.
        receives: Whether messages of other services are taken in.
        purged: What such work purges of what every backend has: `sessions`.
    """

    entities: tuple[Entity, ...]
    errors: tuple[ErrorCase, ...]
    roles: tuple[str, ...]
    keeps_answers: bool
    works: bool = False
    delivers: bool = False
    receives: bool = False
    purged: tuple[str, ...] = ()

    def entity(self, name: str) -> Entity:
        """Return the entity called `name`."""
        return next(entity for entity in self.entities if entity.name == name)

    def error(self, code: str) -> ErrorCase:
        """Return the error case called `code`."""
        return next(error for error in self.errors if error.code == code)
