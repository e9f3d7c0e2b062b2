"""What expressions may name: the members of entities and their types."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tospec.expression import (
    BOOL,
    DATE,
    DECIMAL,
    DURATION,
    JSON,
    STRING,
    TIMESTAMP,
    Kind,
    Type,
    Typed,
    entity,
    enum,
    int_between,
    many,
    principal,
    record,
    uuid,
)
from tospec.model import Field, FieldType
from tospec.syntax.declaring import enum_class, variable
from tospec.syntax.decode.relations import USER
from tospec.syntax.decode.skeletons import Skeleton

ROLE = "Role"
SETTINGS = "settings"
NO_MEMBERS: Mapping[str, Type] = MappingProxyType({})
_SIMPLE = {
    FieldType.BOOL: BOOL,
    FieldType.DATE: DATE,
    FieldType.DECIMAL: DECIMAL,
    FieldType.DURATION: DURATION,
    FieldType.JSON: JSON,
    FieldType.TIMESTAMP: TIMESTAMP,
    FieldType.UUID: uuid(),
}


def field_type(found: Field, enum_name: str) -> Type:
    """Return the type of a field's value in expressions."""
    type_ = _required_type(found, enum_name)
    return type_.optional() if found.optional else type_


def _required_type(found: Field, enum_name: str) -> Type:
    if found.type is FieldType.ENUM:
        return enum(enum_name, found.values)
    if found.type is FieldType.INT:
        least, most = found.range or (None, None)
        return int_between(
            None if least is None else int(least), None if most is None else int(most)
        )
    return _SIMPLE.get(found.type, STRING)


class Members(Mapping[str, Type]):
    """Members of an entity by name; the type of a computed one is worked out when asked for."""

    def __init__(self, known: dict[str, Type]) -> None:
        self._known = known
        self._later: dict[str, Callable[[], Type]] = {}

    def add(self, name: str, type_: Type) -> None:
        """Add a member unless the name is taken."""
        self._known.setdefault(name, type_)

    def add_later(self, name: str, type_: Callable[[], Type]) -> None:
        """Add a member whose type `type_` works out."""
        self._later.setdefault(name, type_)

    def __getitem__(self, name: str) -> Type:
        if name not in self._known:
            self._known[name] = self._later[name]()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._known, *self._later]))

    def __len__(self) -> int:
        return len(set(self._known) | set(self._later))


@dataclass(slots=True)
class Types:
    """The types of everything that expressions may name.

    Attributes:
        entities: By entity: its members.
        records: By record, such as `settings` or an input: its members.
        allowed: By entity: what `may` can ask about its rows.
        permissions: What `principal.has` can ask for.
    """

    entities: dict[str, Members]
    records: dict[str, Mapping[str, Type]]
    allowed: dict[str, tuple[str, ...]]
    permissions: Collection[str]
    roles: tuple[str, ...]

    def members(self, owner: Type) -> Mapping[str, Type]:
        """Return the members of an entity, of the principal or of a record."""
        if owner.kind is Kind.PRINCIPAL:
            return {"id": uuid(USER), "role": enum(ROLE, self.roles)}
        if owner.kind is Kind.RECORD:
            return self.records.get(owner.name, NO_MEMBERS)
        return self.entities.get(owner.name, NO_MEMBERS)


@dataclass(frozen=True, slots=True)
class RowScope:
    """The scope of expressions about a row of one entity.

    Attributes:
        entity: The entity; empty for expressions that are about no row.
        input: Name of the record that `input` stands for; empty when there is no input.
        is_asked: Whether somebody asks, whom `principal` stands for.
        event: Type of what `event` stands for; None when nothing has happened.
        result: Type of what `result` stands for; None when nothing came before.
        premise: What holds wherever such expressions are asked.
    """

    types: Types
    entity: str
    input: str = ""
    is_asked: bool = True
    event: Type | None = None
    result: Type | None = None
    premise: Typed | None = None
    variables: Mapping[str, Type] = field(init=False)

    def __post_init__(self) -> None:
        known = {SETTINGS: record(SETTINGS)}
        if self.is_asked:
            known["principal"] = principal(USER)
        if self.input:
            known["input"] = record(self.input)
        if self.event:
            known["event"] = self.event
        if self.result:
            known["result"] = self.result
        object.__setattr__(self, "variables", known)

    @property
    def row(self) -> Type | None:
        """Type of the row."""
        return entity(self.entity) if self.entity else None

    @property
    def row_variable(self) -> str:
        """Name of the row."""
        return variable(self.entity) if self.entity else ""

    @property
    def permissions(self) -> Collection[str]:
        """What `principal.has` can ask for."""
        return self.types.permissions

    def members(self, owner: Type) -> Mapping[str, Type]:
        """Return the members of an entity, of the principal or of a record."""
        return self.types.members(owner)

    def actions(self, entity: str) -> Collection[str]:
        """Return what `may` can ask about rows of `entity`."""
        return self.types.allowed.get(entity, ())

    def variable_of(self, entity: str) -> str:
        """Return the name of a row of `entity`."""
        return variable(entity)


def types_of(
    skeletons: Mapping[str, Skeleton],
    settings: tuple[Field, ...],
    permissions: Collection[str],
    roles: tuple[str, ...],
) -> Types:
    """Return the types of all members that need no expression to be known."""
    entities = {
        name: Members(_members(skeleton, skeletons)) for name, skeleton in skeletons.items()
    }
    for skeleton in skeletons.values():
        for relation in skeleton.relations:
            if relation.inverse and relation.to in entities:
                entities[relation.to].add(relation.inverse, many(skeleton.name))
    lowered = {found.name.lower(): field_type(found, found.name) for found in settings}
    allowed = {name: _actions(skeleton) for name, skeleton in skeletons.items()}
    return Types(entities, {SETTINGS: lowered}, allowed, permissions, roles)


def _members(skeleton: Skeleton, skeletons: Mapping[str, Skeleton]) -> dict[str, Type]:
    found = {f.name: member_type(skeleton.name, f) for f in skeleton.fields}
    for relation in skeleton.relations:
        if relation.to in skeletons:
            one = entity(relation.to)
            found[relation.name] = (
                many(relation.to) if relation.many else one.optional() if relation.optional else one
            )
    return found


def member_type(owner: str, found: Field) -> Type:
    """Return the type of an entity's field."""
    if found.name == "id":
        return uuid(owner)
    built_in_role = found.name == "role" and owner in (USER, "Invitation")
    return field_type(found, ROLE if built_in_role else enum_class(owner, found.name))


def _actions(skeleton: Skeleton) -> tuple[str, ...]:
    policy = skeleton.keys.record("policy") if skeleton.keys else None
    named = [name.text for name, _ in policy.entries("allow")] if policy else []
    return tuple(dict.fromkeys(["read", "update", "delete", *named]))
