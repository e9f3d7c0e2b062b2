"""Values that operations store: in Python where the row and the input suffice, else in SQL."""

from dataclasses import dataclass
from typing import Final

from tospec.expression import Aggregate, Facts, MayDo, Path, Typed, TypedExpression
from tospec.expression import parts as parts_of
from tospec.ir.places import Places
from tospec.ir.services import Assignment
from tospec.lowering import naming
from tospec.lowering.aliases import Aliases
from tospec.lowering.expressions import to_python, to_sqlalchemy
from tospec.lowering.members import member_of
from tospec.lowering.schema import Schema
from tospec.lowering.spelling_python import PythonSpelling
from tospec.lowering.spelling_sql import SqlRow, SqlSpelling
from tospec.lowering.told import OWN_CLOCK, OWN_SETTINGS, operands_of
from tospec.model import Assignment as Spec
from tospec.model import Entity
from tospec.python import Code, attribute, fill

_TAKEN: Final = frozenset(("actor", "body", "moved", "self", "updated", "values"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spelling(PythonSpelling):
    """Spells what the method of a service has at hand."""

    def path(self, path: Path) -> Code:
        """Return the value of a path; inputs are members of the body."""
        if path.root.name == "input" and path.root.level is None:
            return fill("body.{}", attribute(path.names[0]))
        return PythonSpelling.path(self, path)


class Values:
    """Lowers the values that operations on one entity store.

    Args:
        schema: Where rows are stored.
        places: Where the backend keeps its things.
        entity: Whose rows.
        row: Source of the row.
        certain: What is not null whenever a value is stored.
    """

    def __init__(
        self,
        schema: Schema,
        places: Places,
        entity: Entity,
        row: Code,
        certain: Facts = frozenset(),
    ) -> None:
        self._schema = schema
        self._places = places
        self._entity = entity
        self._row = row
        self._certain = certain

    def of(self, assignment: Spec) -> Assignment:
        """Return a value with the column that it is stored in."""
        field = member_of(self._entity, assignment.target).name
        tree = assignment.value.tree
        if all(map(_is_at_hand, parts_of(tree.root))):
            return Assignment(field=field, value=to_python(tree, self._spelling(tree)))
        aliases = Aliases(_TAKEN | {self._row.text})
        value = to_sqlalchemy(tree, self._stored(tree, aliases), exact=True)
        return Assignment(field=field, value=value, aliases=aliases.given)

    def _spelling(self, tree: TypedExpression) -> _Spelling:
        return _Spelling(
            schema=self._schema,
            places=self._places,
            clock=OWN_CLOCK,
            settings=OWN_SETTINGS,
            row=self._row,
            principal=Code("self._actor"),
            operands=operands_of(tree.root, self._certain),
        )

    def _stored(self, tree: TypedExpression, aliases: Aliases) -> SqlSpelling:
        names = naming.entity_names(self._entity.name)
        table = self._places.table(names, naming.table_name(self._entity.name))
        row = SqlRow(entity=self._entity.name, variable=table, is_table=True)
        return SqlSpelling(
            schema=self._schema,
            places=self._places,
            python=self._spelling(tree),
            rows={names.singular: row},
            principal=self._places.caller(),
            aliases=aliases,
        )


def _is_at_hand(part: Typed) -> bool:
    """Whether a value is one of the row itself, of the input or of the actor."""
    if isinstance(part, Aggregate | MayDo):
        return False
    if not isinstance(part, Path) or part.root.level is None:
        return True
    return len(part.names) == 1 or part.names[1:] == ("id",)
