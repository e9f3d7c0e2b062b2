"""From expressions to computed values, policies and rules."""

from collections.abc import Iterable
from typing import Final

from tospec.errors import TospecError
from tospec.expression import Aggregate, Facts, Kind, MayDo, Path, Type, Typed
from tospec.expression import parts as parts_of
from tospec.ir.conditions import Action, Computed, Form, Policy, SqlValue
from tospec.ir.places import Places, Room
from tospec.lowering import naming
from tospec.lowering.aliases import Aliases
from tospec.lowering.expressions import to_python, to_sqlalchemy
from tospec.lowering.schema import ROLE, Schema
from tospec.lowering.spelling_python import PythonSpelling
from tospec.lowering.spelling_sql import SqlRow, SqlSpelling
from tospec.lowering.told import OWN_SETTINGS, operands_of
from tospec.model import Computed as Spec
from tospec.model import Entity, Expression, System
from tospec.python import Code, fill, identifier, symbol

_EVERYONE: Final = fill("{}()", symbol("sqlalchemy", "true"))
_UUID: Final = symbol("uuid", "UUID")
_PRINCIPAL: Final = Code("principal")
_SETTINGS: Final = Code("settings")
_TYPES: Final = {
    Kind.BOOL: Code("bool"),
    Kind.INT: Code("int"),
    Kind.DECIMAL: symbol("decimal", "Decimal"),
    Kind.STRING: Code("str"),
    Kind.UUID: _UUID,
    Kind.TIMESTAMP: symbol("datetime", "datetime"),
    Kind.DATE: symbol("datetime", "date"),
    Kind.DURATION: symbol("datetime", "timedelta"),
}
_TAKEN: Final = frozenset(
    {
        "actor",
        "and_",
        "any_of",
        "as_duration",
        "case",
        "cast",
        "count_of",
        "false",
        "func",
        "literal",
        "max_of",
        "median_of",
        "min_of",
        "or_",
        "principal",
        "refers",
        "settings",
        "sum_of",
        "true",
        "value_of",
    }
)
"""Names that source about rows uses already."""


class Conditions:
    """Lowers the expressions of a spec."""

    def __init__(self, schema: Schema, places: Places) -> None:
        self._schema = schema
        self._places = places

    def computed(self, entity: Entity) -> tuple[Computed, ...]:
        """Return an entity's computed values, over a row called by the entity's name."""
        return tuple(
            self._computed(entity, each, self._schema.computed_function(each.name))
            for each in entity.computed
        )

    def measured(
        self, entity: Entity, operation: str, measures: tuple[Spec, ...]
    ) -> tuple[Computed, ...]:
        """Return what an operation measures, over a row called by the entity's name."""
        return tuple(self._computed(entity, each, f"{operation}_{each.name}") for each in measures)

    def _computed(self, entity: Entity, computed: Spec, function: str) -> Computed:
        home = self._places.inside(Room.COMPUTED, naming.entity_names(entity.name))
        row, type_ = self._parameter(entity), computed.value.tree.type
        return Computed(
            name=computed.name,
            function=function,
            type=self._type(type_),
            sql_type=self._type(type_.required()),
            value=self._sql(computed.value, row, home, exact=True),
        )

    def policy(self, entity: Entity) -> Policy:
        """Return who sees an entity's rows, and who may do what to them."""
        everyone = SqlValue(text="true", code=_EVERYONE)
        if entity.policy is None:
            return Policy(visible=everyone, actions=())
        visible = entity.policy.visible
        row = self._parameter(entity)
        return Policy(
            visible=self._policy_sql(visible, row) if visible else everyone,
            actions=tuple(
                action
                for name, allowed in entity.policy.allow
                for action in self._actions(entity, name, allowed)
            ),
        )

    def rule(self, entity: Entity, expression: Expression) -> SqlValue:
        """Return a rule about the stored row of an entity."""
        names = naming.entity_names(entity.name)
        table = self._places.table(names, naming.table_name(entity.name))
        row = SqlRow(entity=entity.name, variable=table, is_table=True)
        return self._sql(expression, row, self._places, principal=self._places.caller())

    def listed(self, entity: Entity, expression: Expression) -> SqlValue:
        """Return the condition of a list with a fixed condition."""
        names = naming.entity_names(entity.name)
        table = self._places.table(names, naming.table_name(entity.name))
        row = SqlRow(entity=entity.name, variable=table, is_table=True)
        return self._sql(expression, row, self._places, principal=self._places.caller())

    def told(self, entity: Entity, expressions: Iterable[Expression]) -> tuple[SqlValue, ...]:
        """Return values of a row that are selected together."""
        names = naming.entity_names(entity.name)
        table = self._places.table(names, naming.table_name(entity.name))
        row = SqlRow(entity=entity.name, variable=table, is_table=True)
        found: list[SqlValue] = []
        for expression in expressions:
            taken = frozenset(alias.variable for value in found for alias in value.aliases)
            found.append(self._sql(expression, row, self._places, exact=True, taken=taken))
        return tuple(found)

    def of_event(self, entity: Entity, expression: Expression, certain: Facts) -> SqlValue:
        """Return the condition of a job that an event starts, in a method of the job.

        Args:
            entity: Whose rows.
            expression: The condition.
            certain: What is not null whenever it is asked.
        """
        names = naming.entity_names(entity.name)
        table = self._places.table(names, naming.table_name(entity.name))
        row = SqlRow(entity=entity.name, variable=table, is_table=True)
        return self._sql(expression, row, self._places, settings=OWN_SETTINGS, certain=certain)

    def _actions(self, entity: Entity, name: str, allowed: Expression) -> Iterable[Action]:
        plain = self._is_at_hand(entity, allowed.tree.root)
        if plain:
            value = self._policy_python(entity, allowed)
            yield Action(name=name, form=Form.PYTHON, value=value)
        if not plain or (entity.name, name) in self._asked_in_sql:
            value = self._policy_sql(allowed, self._parameter(entity))
            yield Action(name=name, form=Form.SQL, value=value)

    @property
    def _asked_in_sql(self) -> frozenset[tuple[str, str]]:
        """The actions that other expressions ask about by `may`, or lists of deleted rows."""
        asked = {
            (check.subject.type.name, check.action)
            for tree in _trees(self._schema.system)
            for check in parts_of(tree)
            if isinstance(check, MayDo)
        }
        restored = {(e.name, "restore") for e in self._schema.system.entities if e.restores}
        return frozenset(asked | restored)

    def _is_at_hand(self, entity: Entity, tree: Typed) -> bool:
        """Whether a policy asks nothing but values of the row itself and of the actor."""
        for part in parts_of(tree):
            if isinstance(part, Aggregate | MayDo):
                return False
            if isinstance(part, Path) and part.root.level is not None and not _is_own(part):
                return False
        return not self._schema.uses_now(tree)

    def _parameter(self, entity: Entity) -> SqlRow:
        variable = identifier(naming.entity_names(entity.name).singular)
        return SqlRow(entity=entity.name, variable=variable)

    def _policy_python(self, entity: Entity, allowed: Expression) -> SqlValue:
        spelling = PythonSpelling(
            schema=self._schema,
            places=self._places,
            clock=Code("now"),
            settings=Code("settings"),
            row=identifier(naming.entity_names(entity.name).singular),
            principal=Code("actor"),
        )
        return SqlValue(text=allowed.text.strip(), code=to_python(allowed.tree, spelling))

    def _policy_sql(self, expression: Expression, row: SqlRow) -> SqlValue:
        home = self._places.inside(Room.POLICIES, naming.entity_names(row.entity))
        value = self._sql(expression, row, home)
        if value.uses_settings:
            msg = "A policy cannot depend on settings."
            raise TospecError(msg, "Write the condition as a rule with an error case of its own.")
        return value

    def _sql(
        self,
        expression: Expression,
        row: SqlRow,
        places: Places,
        *,
        principal: Code = _PRINCIPAL,
        settings: Code = _SETTINGS,
        certain: Facts = frozenset(),
        exact: bool = False,
        taken: frozenset[str] = frozenset(),
    ) -> SqlValue:
        tree = expression.tree
        aliases = Aliases(self._taken(row) | taken)
        spelling = SqlSpelling(
            schema=self._schema,
            places=places,
            python=PythonSpelling(
                schema=self._schema,
                places=places,
                clock=places.now(),
                settings=settings,
                operands=operands_of(tree.root, certain),
            ),
            rows={naming.entity_names(row.entity).singular: row},
            principal=principal,
            aliases=aliases,
            is_clock_stored=True,
        )
        code = to_sqlalchemy(tree, spelling, exact=exact)
        return SqlValue(
            text=expression.text.strip(),
            code=code,
            aliases=aliases.given,
            uses_settings=_uses_settings(tree.root),
            inputs=_inputs(tree.root),
        )

    def _taken(self, row: SqlRow) -> frozenset[str]:
        return self._schema.entity_tables | _TAKEN | {row.variable.text}

    def _type(self, type_: Type) -> Code:
        if type_.kind is Kind.ENUM:
            plain = self._enum(type_)
        else:
            plain = _TYPES.get(type_.kind, symbol("typing", "Any"))
        return fill("{} | None", plain) if type_.nullable else plain

    def _enum(self, type_: Type) -> Code:
        owner = self._schema.enum_owner(type_.name)
        if type_.name == ROLE or owner is None:
            return Code("str")
        return self._places.enum(naming.entity_names(owner), type_.name)


def _is_own(path: Path) -> bool:
    """Whether a path is a value of the row itself, computed values among them."""
    names = path.names
    return len(names) == 1 or (len(names) == 2 and names[1] == "id")


def _uses_settings(tree: Typed) -> bool:
    return any(
        part.root.name == "settings" and part.root.level is None
        for part in parts_of(tree)
        if isinstance(part, Path)
    )


def _inputs(tree: Typed) -> tuple[str, ...]:
    found = (
        part.names[0]
        for part in parts_of(tree)
        if isinstance(part, Path) and part.root.name == "input" and part.root.level is None
    )
    return tuple(dict.fromkeys(found))


def _trees(system: System) -> Iterable[Typed]:
    """Return every condition of a system that may ask what somebody may do."""
    for entity in system.entities:
        expressions = [rule.requirement.that for rule in entity.rules]
        if entity.policy is not None:
            expressions += [allowed for _, allowed in entity.policy.allow]
            expressions += [entity.policy.visible] if entity.policy.visible else []
        for move in entity.lifecycle.transitions if entity.lifecycle else ():
            expressions += [requirement.that for requirement in move.require]
        yield from (expression.tree.root for expression in expressions)
    for operation in system.operations:
        yield from (requirement.that.tree.root for requirement in operation.require)
    yield from (job.where.tree.root for job in system.jobs if job.where)
