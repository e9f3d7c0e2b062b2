"""Names for rows that are objects with an attribute for each member."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from tospec.expression import Aggregate, HasPermission, Kind, MayDo, Path, Tally, Type
from tospec.python import Code, attribute, constant, fill, identifier, join, symbol

_NO_ROOTS: Final[Mapping[str, Code]] = {}


@dataclass(frozen=True, slots=True)
class RowNames:
    """Spells paths as attributes: `task.due_at`, `task.assignee_id`, `task.project.archived`.

    Attributes:
        enums: Module that has a class for each enum.
        functions: Module that has `slugify`, `may_<action>_<entity>(user, row)`, and
            `<measure>_among(values)`.
        roots: What rows and variables are called, where it is not their own name.
        members: What members are called, where it is not their own name, by their dotted path.
    """

    enums: str
    functions: str
    roots: Mapping[str, Code] = field(default_factory=lambda: _NO_ROOTS)
    members: Mapping[str, Code] = field(default_factory=dict)

    def path(self, path: Path) -> Code:
        """Return the value of a path as attributes of its root."""
        spelled = self.members.get(str(path))
        if spelled is not None:
            return spelled
        return join(".", (self._root(path), *map(attribute, _attributes(path))))

    def _root(self, path: Path) -> Code:
        return self.roots.get(path.root.name) or identifier(path.root.name)

    def enum_member(self, type_: Type, value: str) -> Code:
        """Return a value of an enum, such as `TaskStatus.DONE`."""
        return fill("{}.{}", symbol(self.enums, type_.name), constant(value))

    def now(self) -> Code:
        """Return the variable `now`."""
        return Code("now")

    def lower(self, text: Code) -> Code:
        """Return a text in lower case."""
        return fill("{}.lower()", text)

    def slug(self, text: Code) -> Code:
        """Return the slug of a text."""
        return fill("{}({})", symbol(self.functions, "slugify"), text)

    def has_permission(self, check: HasPermission) -> Code:
        """Return `actor.has(Permission.TASK_UPDATE)`."""
        member = constant(check.permission.replace(":", "_"))
        permission = symbol(self.enums, "Permission")
        return fill("{}.has({}.{})", self.path(check.principal), permission, member)

    def may(self, check: MayDo) -> Code:
        """Return `may_update_task(actor, task)`."""
        name = f"may_{check.action}_{check.subject.type.name.lower()}"
        user = Code("actor") if check.user is None else self.path(check.user)
        return fill("{}({}, {})", symbol(self.functions, name), user, self.path(check.subject))

    def inside(self, aggregate: Aggregate) -> Self:
        """Return names that call the rows of the aggregate what `_loop_name` says."""
        roots = {**self.roots, aggregate.row.name: _loop_name(aggregate)}
        return replace(self, roots=roots)

    def aggregate(
        self, aggregate: Aggregate, condition: Code | None, value: Code | None = None
    ) -> Code:
        """Return a loop over the related rows."""
        rows, name = self.path(aggregate.relation), _loop_name(aggregate)
        if value is not None:
            measure = symbol(self.functions, f"{aggregate.tally}_among")
            asked = Code("") if condition is None else fill(" if {}", condition)
            return fill("{}({} for {} in {}{})", measure, value, name, rows, asked)
        if condition is None:
            counted = aggregate.tally is Tally.COUNT
            return fill("len({})", rows) if counted else fill("bool({})", rows)
        if aggregate.tally is Tally.COUNT:
            return fill("sum(1 for {} in {} if {})", name, rows, condition)
        return fill("any({} for {} in {})", condition, name, rows)


def _loop_name(aggregate: Aggregate) -> Code:
    first, *level = aggregate.row.name.split(" ")
    return identifier("_".join((first, *level)))


def _attributes(path: Path) -> tuple[str, ...]:
    """Return the attributes of a path; `assignee.id` is stored on the row as `assignee_id`."""
    is_reference = len(path.steps) > 1 and path.steps[-2].type.kind is Kind.ENTITY
    if is_reference and path.names[-1] == "id":
        return (*path.names[:-2], f"{path.names[-2]}_id")
    return path.names
