"""Names of expressions over rows of tables, as correlated subqueries."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tospec.expression import Aggregate, HasPermission, Kind, MayDo, Path, Root, Tally, Typed
from tospec.expression import parts as parts_of
from tospec.ir.columns import column_of
from tospec.ir.places import Places
from tospec.lowering import naming
from tospec.lowering.aliases import Aliases
from tospec.lowering.schema import USER, Many, Schema
from tospec.lowering.spelling_python import PythonSpelling
from tospec.python import Code, attribute, fill, join, literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlRow:
    """A row that source can name.

    Attributes:
        variable: Its table, alias, or the parameter that is either.
        is_table: Whether it is the entity's own table.
        id_column: Where its id stands when there is a link to it, but not itself.
    """

    entity: str
    variable: Code
    is_table: bool = False
    id_column: Code | None = None


type _Build = Callable[[SqlRow], Code]


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlSpelling:
    """Spells paths, aggregates and permissions as SQL.

    Attributes:
        rows: The rows known by name: the one that the expression is about, and those of the
            aggregates around the place.
        principal: Source of the principal, whose `user_id` and `role` are columns or literals.
        aliases: Shared by all parts of one expression.
        is_clock_stored: Whether the clock of `python` is a parameter of the statement.
    """

    schema: Schema
    places: Places
    python: PythonSpelling
    rows: dict[str, SqlRow]
    principal: Code
    aliases: Aliases
    is_clock_stored: bool = False
    _opened: dict[str, SqlRow] = field(default_factory=dict)

    def is_stored(self, root: Root) -> bool:
        """Return whether paths from `root` are columns."""
        return root.level is not None or root.name == "principal"

    def path(self, path: Path) -> Code:
        """Return a stored path as a column or a scalar subquery."""
        if path.root.level is None:
            member = "role" if path.names[:1] == ("role",) else "user_id"
            return fill("{}.{}", self.principal, attribute(member))
        row = self.rows[path.root.name]
        names = path.names
        if names == ("id",) and row.id_column is not None:
            return row.id_column
        if len(names) > 1 and names[-1] == "id":
            column = naming.reference_column(names[-2])
            return self._value(row, names[:-2], lambda last: column_of(last.variable, column))
        return self._value(row, names[:-1], lambda last: self._member(last, names[-1]))

    def lower(self, text: Code) -> Code:
        """Return a column's text in lower case."""
        return self.places.lower_ascii(text, stored=True)

    def microseconds(self, time: Code) -> Code:
        """Return a time as a column of whole microseconds."""
        return self.places.microseconds(time)

    def as_written(self, value: Code) -> Code:
        """Return a column expression that compares as it is written."""
        return self.places.as_written(value)

    def has_permission(self, check: HasPermission) -> Code:
        """Return, as a condition, whether the principal holds a permission."""
        return fill("{}.has({})", self.principal, self.places.permission(check.permission))

    def may(self, check: MayDo) -> Code:
        """Return, as a condition, whether somebody may do something to a row."""
        user = check.user
        if user is None or user.root.name == "principal":
            return self._may(check, self.principal)
        if user.root.level is None:
            return self._may_given(check, user)
        *before, last = _without_id(user)
        row = self.rows[user.root.name]
        return self._exists(
            row,
            (*before, last),
            lambda found: self._may(check, self.places.principal_row(found.variable)),
        )

    def inside(self, aggregate: Aggregate) -> "SqlSpelling":
        """Return the names for the condition of an aggregate."""
        row = self._open(aggregate)
        return replace(self, rows={**self.rows, aggregate.row.name: row})

    def aggregate(
        self, aggregate: Aggregate, condition: Code | None, value: Code | None = None
    ) -> Code:
        """Return a count or measure as a scalar subquery, or a condition that there is a row."""
        owner = self.rows[aggregate.relation.root.name]
        *before, name = aggregate.relation.names
        conditions = [] if condition is None else [condition]
        if value is not None:
            build = self._measured(aggregate, name, value, conditions)
            return self._value(owner, tuple(before), build)
        build = self._tallied(aggregate, name, conditions)
        if aggregate.tally is Tally.COUNT:
            return self._value(owner, tuple(before), build)
        return self._exists(owner, tuple(before), build)

    def _measured(
        self, aggregate: Aggregate, name: str, value: Code, conditions: list[Code]
    ) -> _Build:
        found = self._open(aggregate)
        helper = self.places.measure(f"{aggregate.tally}_of")

        def build(owner: SqlRow) -> Code:
            belongs = self._belongs(self.schema.many(owner.entity, name), found, owner)
            every = (found.variable, value, belongs, *self._alive(found), *conditions)
            measured = fill("{}({})", helper, join(", ", every))
            if aggregate.type.kind is not Kind.DURATION:
                return measured
            return fill("{}({})", self.places.measure("as_duration"), measured)

        return build

    def _belongs(self, many: Many, found: SqlRow, owner: SqlRow) -> Code:
        if many.link is None:
            return self._refers(found, many.column, owner)
        link = SqlRow(entity="", variable=self._link_alias(many, f"{found.variable.text}_link"))
        ends = (self._refers(link, many.column, owner), self._refers(link, many.link_column, found))
        return self._subquery("any_of", link, *ends)

    def _tallied(self, aggregate: Aggregate, name: str, conditions: list[Code]) -> _Build:
        helper = "count_of" if aggregate.tally is Tally.COUNT else "any_of"
        found = self._open(aggregate)

        def build(owner: SqlRow) -> Code:
            many = self.schema.many(owner.entity, name)
            if many.link is None:
                belongs = self._refers(found, many.column, owner)
                return self._subquery(helper, found, belongs, *self._alive(found), *conditions)
            return self._linked(helper, many, found, owner, conditions)

        return build

    def _linked(
        self, helper: str, many: Many, found: SqlRow, owner: SqlRow, conditions: list[Code]
    ) -> Code:
        if found.id_column is not None:
            belongs = self._refers(found, many.column, owner)
            return self._subquery(helper, found, belongs, *conditions)
        link = SqlRow(entity="", variable=self._link_alias(many, f"{found.variable.text}_link"))
        other = self._refers(link, many.link_column, found)
        inner = self._subquery("any_of", found, other, *self._alive(found), *conditions)
        return self._subquery(helper, link, self._refers(link, many.column, owner), inner)

    def _open(self, aggregate: Aggregate) -> SqlRow:
        """Return the row that an aggregate goes over, under its alias."""
        name = aggregate.row.name
        if name not in self._opened:
            relation = aggregate.relation.names[-1]
            many = self.schema.many(_owner_of(aggregate.relation), relation)
            self._opened[name] = self._related(aggregate, naming.singular(relation), many)
        return self._opened[name]

    def _related(self, aggregate: Aggregate, name: str, many: Many) -> SqlRow:
        by_id = many.link is not None and not self.schema.keeps_deleted(many.to)
        if by_id and _only_ids(aggregate):
            link = self._link_alias(many, name)
            id_column = column_of(link, many.link_column)
            return SqlRow(entity=many.to, variable=link, id_column=id_column)
        return self._aliased(many.to, name)

    def _may(self, check: MayDo, principal: Code) -> Code:
        row = self.rows[check.subject.root.name]
        return self._exists(
            row,
            _without_id(check.subject),
            lambda found: fill(
                "{}({}, {})", self._policy(found, check.action), principal, found.variable
            ),
        )

    def _may_given(self, check: MayDo, user: Path) -> Code:
        """Return whether the user whose id is known, and is of the same tenant, may do it."""
        row = self.rows[check.subject.root.name]
        found = self._aliased(USER, naming.singular(user.names[-1]))
        same = fill("{}.c.tenant_id == {}.c.tenant_id", found.variable, row.variable)
        known = fill("{}.c.id == {}", found.variable, self.python.path(user))
        may = self._may(check, self.places.principal_row(found.variable))
        return self._subquery("any_of", found, same, known, may)

    def _policy(self, row: SqlRow, action: str) -> Code:
        names = naming.entity_names(row.entity)
        if action == "read":
            return self.places.visible(names)
        return self.places.allows(names, action)

    def _member(self, row: SqlRow, name: str) -> Code:
        computed = self.schema.computed(row.entity, name)
        if computed is None:
            return self._field(row, name)
        arguments = row.variable if not row.is_table else Code("")
        function = self.places.computed(
            naming.entity_names(row.entity), self.schema.computed_function(name)
        )
        return fill("{}({})", function, arguments)

    def _field(self, row: SqlRow, name: str) -> Code:
        if (row.entity, name) == (USER, "disabled"):
            return fill("{}.c.disabled_at.is_not(None)", row.variable)
        return column_of(row.variable, name)

    def _value(self, row: SqlRow, steps: tuple[str, ...], build: _Build) -> Code:
        if not steps:
            return build(row)
        target, refers = self._step(row, steps[0])
        inner = self._value(target, steps[1:], build)
        return self._subquery("value_of", target, inner, refers)

    def _exists(self, row: SqlRow, steps: tuple[str, ...], build: _Build) -> Code:
        if not steps:
            return build(row)
        target, refers = self._step(row, steps[0])
        inner = self._exists(target, steps[1:], build)
        return self._subquery("any_of", target, refers, *self._alive(target), inner)

    def _step(self, row: SqlRow, name: str) -> tuple[SqlRow, Code]:
        relation = self.schema.to_one(row.entity, name)
        if relation is None:
            msg = f"{row.entity} has no relation to one called '{name}'."
            raise LookupError(msg)
        target = self._aliased(relation.to, name)
        return target, self._refers(row, naming.reference_column(name), target)

    def _aliased(self, entity: str, name: str) -> SqlRow:
        names = naming.entity_names(entity)
        table = self.places.table(names, naming.table_name(entity))
        return SqlRow(entity=entity, variable=self.aliases.add(name, table))

    def _link_alias(self, many: Many, name: str) -> Code:
        owner, table = many.link or ("", "")
        return self.aliases.add(name, self.places.table(naming.entity_names(owner), table))

    def _refers(self, row: SqlRow, column: str, target: SqlRow) -> Code:
        refers = self.places.related("refers")
        return fill("{}({}, {}, to={})", refers, row.variable, literal(column), target.variable)

    def _alive(self, row: SqlRow) -> list[Code]:
        if not self.schema.keeps_deleted(row.entity):
            return []
        return [fill("{}.c.deleted_at.is_(None)", row.variable)]

    def _subquery(self, helper: str, row: SqlRow, *arguments: Code) -> Code:
        every = join(", ", (row.variable, *arguments))
        return fill("{}({})", self.places.related(helper), every)


def _without_id(path: Path) -> tuple[str, ...]:
    return path.names[:-1] if path.names[-1:] == ("id",) else path.names


def _owner_of(relation: Path) -> str:
    types = (relation.root.type, *(step.type for step in relation.steps))
    return types[-2].name


def _only_ids(aggregate: Aggregate) -> bool:
    """Whether nothing is asked of the related row but its id."""
    condition: Typed | None = aggregate.condition
    if condition is None or aggregate.value is not None:
        return aggregate.value is None
    found = (part for part in parts_of(condition) if isinstance(part, Path))
    return all(path.names == ("id",) for path in found if path.root.name == aggregate.row.name)
