"""What names of the spec stand for in tables."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tospec.expression import Call, Function, Path, Typed, parts
from tospec.ir.names import EntityNames
from tospec.lowering import naming
from tospec.model import Computed, Entity, Relation, System
from tospec.python import name_problem

_HELPERS: Final = frozenset(
    {
        "and_",
        "any_of",
        "as_duration",
        "case",
        "cast",
        "count_of",
        "date",
        "datetime",
        "false",
        "func",
        "literal",
        "lower_ascii",
        "lru_cache",
        "max_of",
        "median_of",
        "microseconds",
        "min_of",
        "or_",
        "refers",
        "sum_of",
        "timedelta",
        "true",
        "value_of",
    }
)
"""Names that modules of computed values import."""

USER = "User"
ROLE = "Role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """A relation to many, seen from its owner.

    Attributes:
        to: Entity of the related rows.
        column: Column that refers to the owner: of the related rows, or of the links.
        link: Table of the links, and the entity whose model defines it; None when there are none.
        link_column: Column of the links that refers to the related row.
    """

    to: str
    column: str
    link: tuple[str, str] | None = None
    link_column: str = ""


class Schema:
    """The entities of a spec by name, and what their members are."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._entities = {entity.name: entity for entity in system.entities}

    def entity(self, name: str) -> Entity:
        """Return an entity of the spec or of a convention."""
        return self._entities[name]

    def names(self, entity: str) -> EntityNames:
        """Return the forms of an entity's name."""
        return naming.entity_names(entity)

    def to_one(self, entity: str, name: str) -> Relation | None:
        """Return a relation to one, if a member is one."""
        relation = self.entity(entity).relation(name)
        return relation if relation and not relation.many else None

    def many(self, entity: str, name: str) -> Many:
        """Return a relation to many, from whichever end it is seen."""
        own = self.entity(entity).relation(name)
        if own is not None:
            return self._linked(entity, own, from_owner=True)
        owner, relation = self._inverses[entity, name]
        if relation.many:
            return self._linked(owner, relation, from_owner=False)
        return Many(to=owner, column=naming.reference_column(relation.name))

    def computed(self, entity: str, name: str) -> Computed | None:
        """Return a computed value, if a member is one."""
        return next((each for each in self.entity(entity).computed if each.name == name), None)

    def computed_function(self, name: str) -> str:
        """Return the name of the function of a computed value: its own unless it is taken."""
        taken = name in _HELPERS or name in self._tables or name_problem(name)
        return f"{name}_value" if taken else name

    def uses_now(self, tree: Typed) -> bool:
        """Whether a value depends on the time, be it through computed values."""
        return any(self._is_now(part) or self._leads_to_now(part) for part in parts(tree))

    def enum_owner(self, type_: str) -> str | None:
        """Return the entity whose field has an enum; None for the roles."""
        return self._enum_owners.get(type_)

    def keeps_deleted(self, entity: str) -> bool:
        """Whether deleted rows of an entity stay in its table."""
        return self.entity(entity).soft_delete

    @cached_property
    def entity_tables(self) -> frozenset[str]:
        """The names of the tables of entities."""
        return frozenset(naming.table_name(entity.name) for entity in self.system.entities)

    @cached_property
    def _tables(self) -> frozenset[str]:
        links = (
            naming.link_table_name(entity.name, relation.name)
            for entity in self.system.entities
            for relation in entity.relations
            if relation.many
        )
        return self.entity_tables.union(links)

    @cached_property
    def _inverses(self) -> dict[tuple[str, str], tuple[str, Relation]]:
        return {
            (relation.to, relation.inverse): (entity.name, relation)
            for entity in self.system.entities
            for relation in entity.relations
            if relation.inverse
        }

    @cached_property
    def _enum_owners(self) -> dict[str, str]:
        return {
            naming.enum_name(entity.name, field.name): entity.name
            for entity in self.system.entities
            for field in entity.fields
            if not entity.built_in
        }

    def _linked(self, owner: str, relation: Relation, *, from_owner: bool) -> Many:
        table = naming.link_table_name(owner, relation.name)
        own, other = naming.link_columns(owner, relation.name, relation.to)
        column, link_column = (own, other) if from_owner else (other, own)
        to = relation.to if from_owner else owner
        return Many(to=to, column=column, link=(owner, table), link_column=link_column)

    @staticmethod
    def _is_now(part: Typed) -> bool:
        return isinstance(part, Call) and part.function is Function.NOW

    def _leads_to_now(self, part: Typed) -> bool:
        if not isinstance(part, Path):
            return False
        owners = (part.root.type, *(step.type for step in part.steps))
        for owner, step in zip(owners, part.steps, strict=False):
            if owner.name in self._entities:
                computed = self.computed(owner.name, step.name)
                if computed is not None and self.uses_now(computed.value.tree.root):
                    return True
        return False
