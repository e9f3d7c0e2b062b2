"""Steps: operations that somebody carries out, and what must become of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from tospec.model import Entity, Field, Kind, Operation, Relation, Requirement
from tospec.verify.base import Placeholder
from tospec.verify.oracle.values import default_of
from tospec.verify.oracle.world import Key, Somebody, World

FRESH: Any = Placeholder.FRESH
"""Stands for an ordinary value that is chosen when the step is taken, so that none repeats."""

ABOUT_DELETED: Final = frozenset({Kind.RESTORE, Kind.DELETED})
"""Operations on rows that were deleted."""

PEOPLE: Final = "User"
"""The entity whose rows are people."""


class Situation(StrEnum):
    """What the answer to a step says."""

    DONE = "done"
    NO_PERMISSION = "no-permission"
    HIDDEN = "hidden"
    FORBIDDEN = "forbidden"
    BAD_VALUE = "bad-value"
    BAD_REFERENCE = "bad-reference"
    NOT_UNIQUE = "not-unique"
    BAD_MOVE = "bad-move"
    RULE = "rule"
    REFERENCED = "referenced"
    NOT_DELETED = "not-deleted"
    REFERENCE_DELETED = "reference-deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An operation to carry out.

    Attributes:
        on: Key of the row that it is about; of the row above it, for those that hang below one.
        other: Key of the row to link.
        body: Members by their names in the spec: values, keys, tuples of keys, or `FRESH`.
        makes: Key for the row that it creates.
    """

    operation: Operation
    by: Somebody
    on: Key | None = None
    other: Key | None = None
    body: Mapping[str, object] = field(default_factory=dict)
    makes: Key | None = None

    def taken_by(self, who: Somebody) -> "Step":
        """Return the same step of somebody else."""
        return Step(
            operation=self.operation,
            by=who,
            on=self.on,
            other=self.other,
            body=self.body,
            makes=self.makes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What must become of a step.

    Attributes:
        errors: Error cases of the spec, each of which is a right answer.
        broken: The requirements that do not hold.
        world: What exists afterwards; as before unless the step is done.
    """

    situation: Situation
    world: World
    errors: tuple[str, ...] = ()
    broken: tuple[Requirement, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the step succeeds."""
        return self.situation is Situation.DONE


def inputs_of(step: Step) -> dict[str, object]:
    """Return what a transition or an action reads: what is sent, and defaults of what is not."""
    defaults = {each.name: default_of(each) for each in step.operation.input}
    return {**defaults, **step.body}


def sent_fields(entity: Entity, *, updates: bool) -> tuple[Field, ...]:
    """Return the fields in the body of a creation or an update."""
    return tuple(f for f in entity.fields if _is_sent(entity, f, updates=updates))


def _is_sent(entity: Entity, field: Field, *, updates: bool) -> bool:
    allowed = field.changeable if updates else field.writable
    return allowed and field.name != entity.state_field


def sent_relations(entity: Entity, *, updates: bool) -> tuple[Relation, ...]:
    """Return the relations in the body of a creation or an update."""
    allowed = (r for r in entity.relations if (r.changeable if updates else r.writable))
    return tuple(r for r in allowed if r.name != entity.under)


def is_required(member: Field | Relation) -> bool:
    """Return whether a creation has to name a member."""
    if isinstance(member, Field):
        return not member.optional and not member.has_default
    return not member.optional and not member.many
