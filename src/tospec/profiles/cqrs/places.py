"""Where things are in a backend of this profile."""

from dataclasses import dataclass, replace
from typing import Final, Self

from tospec.ir.names import EntityNames
from tospec.ir.places import Room
from tospec.python import Code, attribute, class_name, constant, fill, identifier, symbol

_ERRORS: Final = "app.errors"
_PERMISSIONS: Final = "app.authorization.permissions"
_SUBQUERIES: Final = "app.db.subqueries"
_ROOMS: Final = {
    Room.COMPUTED: ("app.computed", "values"),
    Room.POLICIES: ("app.authorization.policies", "policy"),
}


def model_module(names: EntityNames) -> str:
    """Return the module of an entity's model and tables."""
    return f"app.models.{identifier(names.singular).text}"


def model(names: EntityNames) -> Code:
    """Return the use of an entity's class."""
    return symbol(model_module(names), class_name(names.singular).text)


def file_constant(names: EntityNames, name: str) -> Code:
    """Return the use of a constant about an entity's files."""
    return symbol(f"app.schemas.{names.plural}", name)


def database(*, watched: bool) -> Code:
    """Return the use of the class of the database: one that ends kept answers, or the plain one."""
    if watched:
        return symbol("app.db.changes", "WatchedDatabase")
    return symbol("app.db.engine", "Database")


def file_store() -> Code:
    """Return the use of the class of what keeps files."""
    return symbol("app.db.files", "FileStore")


def table(names: EntityNames, name: str) -> Code:
    """Return the use of a table that is defined with an entity's model."""
    return symbol(model_module(names), identifier(name).text)


def enum(names: EntityNames, type_: str) -> Code:
    """Return the use of an enum that is defined with an entity's model."""
    return symbol(model_module(names), type_)


def enum_member(names: EntityNames, type_: str, member: str) -> Code:
    """Return the use of a member of an enum that is defined with an entity's model."""
    return fill("{}.{}", enum(names, type_), constant(member.lower()))


def error(type_: str) -> Code:
    """Return the use of an error case's class."""
    return symbol(_ERRORS, type_)


def role(name: str) -> Code:
    """Return the use of a role."""
    return fill("{}.{}", symbol(_PERMISSIONS, "Role"), constant(name))


def permission(name: str) -> Code:
    """Return the use of a permission: `TASK_UPDATE` for `task:update`."""
    member = constant(name.replace(":", "_").replace("-", "_"))
    return fill("{}.{}", symbol(_PERMISSIONS, "Permission"), member)


def policy(names: EntityNames) -> Code:
    """Return the use of the module of an entity's policy."""
    return room(Room.POLICIES, names)


def room(kind: Room, names: EntityNames) -> Code:
    """Return the use of an entity's module of computed values or of its policy."""
    package, word = _ROOMS[kind]
    return symbol(package, identifier(names.plural).text, alias=f"{names.singular}_{word}")


@dataclass(frozen=True, slots=True)
class CqrsPlaces:
    """Spells the use of what modules define, for expressions.

    Attributes:
        home: The module that the source is for, by kind and entity; None for any other.
    """

    home: tuple[Room, str] | None = None

    def inside(self, room: Room, names: EntityNames) -> Self:
        """Return the places as an entity's module of that kind sees them."""
        return replace(self, home=(room, names.singular))

    def table(self, names: EntityNames, name: str) -> Code:
        """Return the use of a table that is defined with an entity's model."""
        return table(names, name)

    def enum(self, names: EntityNames, type_: str) -> Code:
        """Return the use of an enum that is defined with an entity's model."""
        return enum(names, type_)

    def enum_member(self, names: EntityNames, type_: str, member: str) -> Code:
        """Return the use of a member of an enum that is defined with an entity's model."""
        return enum_member(names, type_, member)

    def computed(self, names: EntityNames, name: str) -> Code:
        """Return the use of the function of a computed value."""
        return self._function(Room.COMPUTED, names, attribute(name))

    def visible(self, names: EntityNames) -> Code:
        """Return the use of the function that says who sees a row of an entity."""
        return self._function(Room.POLICIES, names, Code("visible"))

    def allows(self, names: EntityNames, action: str) -> Code:
        """Return the use of the function that says in SQL who may do an action."""
        return self._function(Room.POLICIES, names, fill("allows_{}", attribute(action)))

    def role(self, name: str) -> Code:
        """Return the use of a role."""
        return role(name)

    def permission(self, name: str) -> Code:
        """Return the use of a permission."""
        return permission(name)

    def principal_row(self, user: Code) -> Code:
        """Return the principal that is a row of the users."""
        principal = symbol("app.authorization.principal", "Principal")
        return fill("{}.row({})", principal, user)

    def caller(self) -> Code:
        """Return the principal that is whoever a statement is run for."""
        return symbol("app.authorization.principal", "CALLER")

    def now(self) -> Code:
        """Return the instant at which a statement is run."""
        return symbol("app.db.parameters", "NOW")

    def known(self, value: Code) -> Code:
        """Return a value of an event that is not None, although its type says that it might be."""
        return fill("{}({})", symbol("app.worker.on_event", "known"), value)

    def related(self, name: str) -> Code:
        """Return the use of a helper for subqueries."""
        return symbol(_SUBQUERIES, name)

    def measure(self, name: str) -> Code:
        """Return the use of a helper that measures related rows."""
        return symbol("app.db.measures", name)

    def microseconds(self, time: Code) -> Code:
        """Return a time as a column of whole microseconds."""
        return fill("{}({})", symbol("app.db.expressions", "microseconds"), time)

    def as_written(self, value: Code) -> Code:
        """Return a column expression that compares as it is written, not like decimals in it."""
        return fill("{}({})", symbol("app.db.expressions", "as_written"), value)

    def lower_ascii(self, text: Code, *, stored: bool) -> Code:
        """Return a text with A to Z in lower case."""
        if stored:
            return fill("{}({})", symbol("app.db.expressions", "lower_ascii"), text)
        return fill("{}({})", symbol("app.core.text", "lower_ascii"), text)

    def slug(self, text: Code) -> Code:
        """Return the slug of a text."""
        return fill("{}({})", symbol("app.core.text", "slug"), text)

    def _function(self, kind: Room, names: EntityNames, name: Code) -> Code:
        if self.home == (kind, names.singular):
            return name
        return fill("{}.{}", room(kind, names), name)
