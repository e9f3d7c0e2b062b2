"""Names for rows of SQLAlchemy tables."""

from dataclasses import dataclass, field, replace
from typing import Final, Protocol, Self

from tospec.expression import Aggregate, HasPermission, Kind, MayDo, Path, Root, Tally
from tospec.lowering.expressions.row_names import RowNames
from tospec.python import Code, attribute, fill, identifier, join, symbol

_SELECT: Final = symbol("sqlalchemy", "select")
_FUNC: Final = symbol("sqlalchemy", "func")
_EXISTS: Final = symbol("sqlalchemy", "exists")


@dataclass(frozen=True, slots=True)
class Link:
    """A table that links the rows of two entities.

    Attributes:
        table: The table.
        own: Column with the id of the row that has the relation.
        other: Column with the id of the related row.
    """

    table: Code
    own: str
    other: str


class Schema(Protocol):
    """Where rows are stored."""

    def table(self, entity: str) -> Code:
        """Return the table with an entity's rows, with its import."""

    def reference(self, entity: str, relation: str) -> str:
        """Return the column that holds a relation to one."""

    def inverse(self, entity: str, relation: str) -> str | Link:
        """Return how a relation to many is held: a column of the related rows, or a link table."""

    def tenant(self, entity: str) -> str:
        """Return the column that says whose a row is; empty when rows belong to no tenant."""


@dataclass(frozen=True, slots=True)
class TableNames:
    """Spells paths as columns, and paths through relations as correlated subqueries.

    Each subquery reads one table, and finds rows of the same tenant only.

    Attributes:
        schema: Where rows are stored.
        python: Names of what is known before the statement runs.
        functions: Module that has `microseconds(time)`, `by_value(decimal)` for a subquery
            whose value shall compare like the column that it reads, `as_written(value)` for
            one that shall not compare like decimals in it, and for measures
            `<measure>_of(row, value, *conditions)` and `as_duration(microseconds)`.
        is_clock_stored: Whether the time that counts as now is a parameter of the statement.
        rows: What the table of each row around the place is called, by the row's name.
        aliases: Filled while an expression is compiled: tables that occur in a subquery and
            around it, by the name of the alias that the caller must define before.
    """

    schema: Schema
    python: RowNames
    functions: str
    is_clock_stored: bool = False
    rows: dict[str, Code] = field(default_factory=dict)
    aliases: dict[str, Code] = field(default_factory=dict)

    def is_stored(self, root: Root) -> bool:
        """Return whether the root is a row."""
        return root.level is not None

    def path(self, path: Path) -> Code:
        """Return a column, or a subquery for a column of a related row."""
        if not self.is_stored(path.root):
            return self.python.path(path)
        if len(path.steps) == 1:
            return fill("{}.c.{}", self._table_of(path.root), attribute(path.names[0]))
        before = replace(path, steps=path.steps[:-1], type=path.steps[-2].type)
        if before.type.kind is Kind.ENTITY and path.names[-1] == "id":
            return self._reference(before)
        table = self._other(before.type.name)
        column = fill("{}.c.{}", table, attribute(path.names[-1]))
        conditions = [fill("{}.c.id == {}", table, self._id(before))]
        conditions += self._same_tenant(path.root, table, before.type.name)
        selected = fill("{}({})", _SELECT, column)
        found = self._subquery(selected, table, conditions, "scalar_subquery")
        if path.type.kind is not Kind.DECIMAL:
            return found
        return fill("{}({})", symbol(self.functions, "by_value"), found)

    def _reference(self, path: Path) -> Code:
        """Return the id of the row that a relation to one leads to."""
        if len(path.steps) == 1:
            column = self.schema.reference(path.root.type.name, path.names[0])
            return fill("{}.c.{}", self._table_of(path.root), attribute(column))
        before = replace(path, steps=path.steps[:-1], type=path.steps[-2].type)
        table = self._other(before.type.name)
        column = self.schema.reference(before.type.name, path.names[-1])
        selected = fill("{}({}.c.{})", _SELECT, table, attribute(column))
        conditions = [fill("{}.c.id == {}", table, self._id(before))]
        conditions += self._same_tenant(path.root, table, before.type.name)
        return self._subquery(selected, table, conditions, "scalar_subquery")

    def _id(self, path: Path) -> Code:
        if path.steps:
            return self._reference(path)
        return fill("{}.c.id", self._table_of(path.root))

    def _subquery(self, selected: Code, table: Code, conditions: list[Code], form: str) -> Code:
        where = join(", ", conditions)
        codes = (selected, where, table, Code(form))
        return fill("{}.where({}).correlate_except({}).{}()", *codes)

    def _same_tenant(self, root: Root, table: Code, entity: str) -> list[Code]:
        theirs, ours = self.schema.tenant(entity), self.schema.tenant(root.type.name)
        if not theirs or not ours:
            return []
        columns = (table, attribute(theirs), self._table_of(root), attribute(ours))
        return [fill("{}.c.{} == {}.c.{}", *columns)]

    def _table_of(self, root: Root) -> Code:
        return self.rows.get(root.name) or self.schema.table(root.type.name)

    def _other(self, entity: str) -> Code:
        """Return an entity's table under a name that no row around the place has."""
        table = self.schema.table(entity)
        taken = {code.text for code in self.rows.values()}
        if table.text not in taken:
            return table
        name = _free(f"other_{table.text}", taken)
        self.aliases[name] = fill('{}.alias("{}")', table, identifier(name))
        return identifier(name)

    def lower(self, text: Code) -> Code:
        """Return a text in lower case."""
        return fill("{}.lower({})", _FUNC, text)

    def microseconds(self, time: Code) -> Code:
        """Return a time as a whole number."""
        return fill("{}({})", symbol(self.functions, "microseconds"), time)

    def as_written(self, value: Code) -> Code:
        """Return a column expression that compares as it is written."""
        return fill("{}({})", symbol(self.functions, "as_written"), value)

    def has_permission(self, check: HasPermission) -> Code:
        """Return a check that depends on no row as a column expression."""
        return fill("{}({})", symbol("sqlalchemy", "literal"), self.python.has_permission(check))

    def may(self, check: MayDo) -> Code:
        """Return `may_update_task(actor, tasks)`, given the id for a row that is not around."""
        name = f"may_{check.action}_{check.subject.type.name.lower()}"
        user = Code("actor") if check.user is None else self._id(check.user)
        function = symbol(self.functions, name)
        return fill("{}({}, {})", function, user, self._id(check.subject))

    def inside(self, aggregate: Aggregate) -> Self:
        """Return names that know the table of the aggregate's rows."""
        table = self._other(aggregate.row.type.name)
        return replace(self, rows={**self.rows, aggregate.row.name: table})

    def aggregate(
        self, aggregate: Aggregate, condition: Code | None, value: Code | None = None
    ) -> Code:
        """Return a correlated count, measure or existence test."""
        table = self._other(aggregate.row.type.name)
        conditions = self._related(aggregate, table)
        if condition is not None:
            conditions.append(condition)
        if value is not None:
            return self._measure(aggregate, table, value, conditions)
        if aggregate.tally is Tally.COUNT:
            selected = fill("{}({}.count()).select_from({})", _SELECT, _FUNC, table)
            return self._subquery(selected, table, conditions, "scalar_subquery")
        selected = fill("{}({}.c.id)", _SELECT, table)
        where = join(", ", conditions)
        return fill("{}({}.where({}).correlate_except({}))", _EXISTS, selected, where, table)

    def _measure(
        self, aggregate: Aggregate, table: Code, value: Code, conditions: list[Code]
    ) -> Code:
        measure = symbol(self.functions, f"{aggregate.tally}_of")
        found = fill("{}({})", measure, join(", ", (table, value, *conditions)))
        if aggregate.type.kind is not Kind.DURATION:
            return found
        return fill("{}({})", symbol(self.functions, "as_duration"), found)

    def _related(self, aggregate: Aggregate, table: Code) -> list[Code]:
        relation = aggregate.relation
        owner = replace(relation, steps=relation.steps[:-1])
        owner_type = relation.steps[-2].type if owner.steps else relation.root.type
        held = self.schema.inverse(owner_type.name, relation.names[-1])
        tenant = self._same_tenant(relation.root, table, aggregate.row.type.name)
        if isinstance(held, str):
            return [fill("{}.c.{} == {}", table, attribute(held), self._id(owner)), *tenant]
        linked = fill("{}({}.c.{})", _SELECT, held.table, attribute(held.other))
        own = fill("{}.c.{} == {}", held.table, attribute(held.own), self._id(owner))
        ids = fill("{}.where({}).correlate_except({})", linked, own, held.table)
        return [fill("{}.c.id.in_({})", table, ids), *tenant]


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    return free
