"""Names of expressions over values that are at hand."""

from dataclasses import dataclass
from typing import Final, Self

from tospec.expression import Aggregate, HasPermission, Kind, MayDo, Path, Type
from tospec.ir.places import Places
from tospec.lowering import naming
from tospec.lowering.schema import ROLE, Schema
from tospec.lowering.told import EVENT, RESULT, told_by_event
from tospec.python import Code, attribute, constant_case, fill, identifier, literal

_ANSWERED: Final = {Kind.INT: Code("int"), Kind.BOOL: Code("bool")}


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonSpelling:
    """Spells what a statement or a policy knows without asking the database.

    Attributes:
        clock: Source of the time that counts as now.
        settings: Source of the settings.
        row: Source of the row that the expression is about; None where it is stored only.
        principal: Source of the actor; None where the principal is stored only.
        operands: Where in the expression values of an event are that might seem to be null.
    """

    schema: Schema
    places: Places
    clock: Code
    settings: Code
    row: Code | None = None
    principal: Code | None = None
    operands: frozenset[int] = frozenset()

    def path(self, path: Path) -> Code:
        """Return the value of a path."""
        if path.root.name == "input":
            return identifier(path.names[0])
        if path.root.name == "settings":
            return fill("{}.{}", self.settings, attribute(path.names[0]))
        if path.root.name == "principal" and self.principal is not None:
            member = "role" if path.names[:1] == ("role",) else "user_id"
            return fill("{}.{}", self.principal, attribute(member))
        if path.root.name == RESULT and not path.is_stored:
            return _handed_on(path)
        if path.root.name == EVENT and not path.is_stored:
            told = told_by_event(path)
            return self.places.known(told) if path.offset in self.operands else told
        return self._of_row(path)

    def enum_member(self, type_: Type, value: str) -> Code:
        """Return a value of an enum."""
        if type_.name == ROLE:
            return self.places.role(value)
        owner = self.schema.enum_owner(type_.name)
        if owner is None:
            # An input's own enum; its members are texts, and compare as such.
            return literal(value)
        names = naming.entity_names(owner)
        return self.places.enum_member(names, type_.name, constant_case(value))

    def now(self) -> Code:
        """Return the time that counts as now."""
        return self.clock

    def lower(self, text: Code) -> Code:
        """Return a text in lower case."""
        return self.places.lower_ascii(text, stored=False)

    def slug(self, text: Code) -> Code:
        """Return the slug of a text."""
        return self.places.slug(text)

    def has_permission(self, check: HasPermission) -> Code:
        """Return whether the actor holds a permission."""
        if self.principal is None:
            raise _not_at_hand("a permission")
        return fill("{}.has({})", self.principal, self.places.permission(check.permission))

    def may(self, check: MayDo) -> Code:
        """Refuse: other rows are asked in the database."""
        raise _not_at_hand(f"may('{check.action}', …)")

    def inside(self, aggregate: Aggregate) -> Self:
        """Refuse: other rows are asked in the database."""
        raise _not_at_hand(f"{aggregate.tally}(…)")

    def aggregate(
        self, aggregate: Aggregate, condition: Code | None, value: Code | None = None
    ) -> Code:
        """Refuse: other rows are asked in the database."""
        raise _not_at_hand(f"{aggregate.tally}(…)")

    def _of_row(self, path: Path) -> Code:
        if self.row is None or not path.names:
            raise _not_at_hand(str(path))
        first = path.names[0]
        name = naming.reference_column(first) if path.names[1:] == ("id",) else first
        return fill("{}.{}", self.row, attribute(name))


def _handed_on(path: Path) -> Code:
    """Return a value that the job before was answered."""
    name = literal(path.names[0])
    if path.type.nullable:
        return fill("self.result[{}]", name)
    return fill("self.answered({}, {})", name, _ANSWERED.get(path.type.kind, Code("str")))


def _not_at_hand(what: str) -> LookupError:
    return LookupError(f"The value of {what} is not at hand; it has to be asked in the database.")
