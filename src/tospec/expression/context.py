"""What the checks of one expression share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from tospec.expression.narrowing import NO_FACTS, Facts
from tospec.expression.nodes import Node, Syntax
from tospec.expression.problems import NULLABLE, TO_MANY, Problems
from tospec.expression.scope import Scope
from tospec.expression.typed import Constant, Part, Path, Root, Step, Typed
from tospec.expression.types import UNKNOWN, Kind, Type, uuid


@dataclass(frozen=True, slots=True)
class Place:
    """What is known at one place of an expression.

    Attributes:
        rows: Rows that can be named there, innermost last.
        facts: Paths that a guard proves not to be null.
    """

    rows: tuple[Root, ...]
    facts: Facts = NO_FACTS

    def knowing(self, facts: Facts) -> "Place":
        """Return the place with more facts."""
        return replace(self, facts=self.facts | facts)


class Visit(Protocol):
    """Gives a part its type."""

    def __call__(self, node: Syntax, place: Place, hint: Type = UNKNOWN) -> Typed:
        """Return the typed form of `node`; `hint` is the type that it will be compared with."""


class Context:
    """Text, scope and errors of one expression."""

    def __init__(self, text: str, scope: Scope, problems: Problems) -> None:
        self.text = text
        self.scope = scope
        self.problems = problems

    def source(self, part: Part | Node) -> str:
        """Return what was written for a part."""
        return self.text[part.offset : part.offset + part.length]

    def members(self, owner: Type) -> Mapping[str, Type]:
        """Return the members of a type; none for types that have none."""
        if owner.kind in {Kind.ENTITY, Kind.PRINCIPAL, Kind.RECORD}:
            return self.scope.members(owner.required())
        return {}

    def error(self, code: str, at: Node | Part, message: str, help_: str = "") -> Constant:
        """Record an error; return a part that causes no further ones."""
        self.problems.add_at(code, at.offset, at.length, message, help_)
        return unknown(at)

    def needs_value(self, part: Typed) -> bool:
        """Record an error when the part may be null; return whether it is never null."""
        if not part.type.nullable:
            return True
        source = self.source(part)
        help_ = f"Guard it first: {source} != null && …" if isinstance(part, Path) else ""
        self.error(NULLABLE, part, f"{source} may be null here.", help_)
        return False

    def as_value(self, part: Typed) -> Typed:
        """Return a part as a single value: a row and the principal stand for their ids."""
        if part.type.kind is Kind.MANY:
            help_ = "Ask about its rows with exists(relation, condition) or count(relation)."
            message = f"{self.source(part)} stands for many rows, not for one value."
            return self.error(TO_MANY, part, message, help_)
        if not isinstance(part, Path):
            return part
        if part.type.kind in {Kind.ENTITY, Kind.PRINCIPAL}:
            id_type = replace(uuid(part.type.name), nullable=part.type.nullable)
            return replace(part, type=id_type, steps=(*part.steps, Step("id", id_type)))
        return part


def unknown(at: Node | Part) -> Constant:
    """Return a part that stands for one that is in error."""
    return Constant(at.offset, at.length, UNKNOWN, None)
