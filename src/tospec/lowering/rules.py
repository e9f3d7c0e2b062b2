"""From rules and requirements to the rules of each moment."""

from collections.abc import Iterable, Iterator
from typing import Final

from tospec.ir.conditions import Alias, Input, Rule, RuleSet
from tospec.lowering import naming
from tospec.lowering.conditions import Conditions
from tospec.model import Entity, Field, FieldType, Kind, Moment, Operation, Requirement
from tospec.model import Transition as Move
from tospec.python import Code, snake, symbol

_MOMENTS: Final = {
    Moment.CREATE: "after it was created",
    Moment.UPDATE: "after it was changed",
    Moment.DELETE: "before it is deleted",
    Moment.RESTORE: "after it was restored",
    Moment.LINK: "before its links change",
}
_TYPES: Final = {
    FieldType.INT: Code("int"),
    FieldType.DECIMAL: symbol("decimal", "Decimal"),
    FieldType.BOOL: Code("bool"),
    FieldType.DATE: symbol("datetime", "date"),
    FieldType.TIMESTAMP: symbol("datetime", "datetime"),
    FieldType.DURATION: symbol("datetime", "timedelta"),
    FieldType.UUID: symbol("uuid", "UUID"),
    FieldType.JSON: symbol("typing", "Any"),
}

type _Key = tuple[str, Code, tuple[Alias, ...], tuple[Input, ...]]


class Rules:
    """Lowers the rules of one entity, each condition once."""

    def __init__(self, conditions: Conditions, entity: Entity) -> None:
        self._conditions = conditions
        self._entity = entity
        self._rules: dict[_Key, Rule] = {}

    def sets(self, operations: Iterable[Operation]) -> tuple[RuleSet, ...]:
        """Return the rules of each moment that has any, in the order of a row's life."""
        found = (*self._moments(), *self._transitions(), *self._actions(operations))
        return tuple(each for each in found if each.rules)

    def _moments(self) -> Iterator[RuleSet]:
        for moment, words in _MOMENTS.items():
            rules = tuple(self._rule(each) for each in self._on(moment))
            yield RuleSet(function=f"on_{moment}", moment=words, rules=rules)

    def _transitions(self) -> Iterator[RuleSet]:
        lifecycle = self._entity.lifecycle
        for move in lifecycle.transitions if lifecycle else ():
            yield self._transition(move)

    def _transition(self, move: Move) -> RuleSet:
        required = (*self._on(Moment.TRANSITION), *move.require)
        rules = tuple(self._rule(each, move.input) for each in required)
        return RuleSet(function=f"on_{move.name}", moment=f"before `{move.name}`", rules=rules)

    def _actions(self, operations: Iterable[Operation]) -> Iterator[RuleSet]:
        for operation in operations:
            if operation.kind is Kind.ACTION:
                rules = tuple(self._rule(each, operation.input) for each in operation.require)
                function = f"on_{snake(operation.name)}"
                yield RuleSet(function=function, moment=f"before `{operation.name}`", rules=rules)

    def _on(self, moment: Moment) -> Iterator[Requirement]:
        return (rule.requirement for rule in self._entity.rules if moment in rule.on)

    def _rule(self, requirement: Requirement, inputs: tuple[Field, ...] = ()) -> Rule:
        value = self._conditions.rule(self._entity, requirement.that)
        needed = tuple(
            Input(name=field.name, type=_TYPES.get(field.type, Code("str")))
            for field in inputs
            if field.name in value.inputs
        )
        key = (requirement.error, value.code, value.aliases, needed)
        if key not in self._rules:
            function = self._function(requirement.error)
            self._rules[key] = Rule(
                function=function,
                error=requirement.error,
                error_type=naming.error_type(requirement.error),
                value=value,
                inputs=needed,
            )
        return self._rules[key]

    def _function(self, error: str) -> str:
        """Return a name for the function of a rule, after what it prevents."""
        name = f"_{error.lower()}"
        taken = {rule.function for rule in self._rules.values()}
        number = 2
        function = name
        while function in taken:
            function, number = f"{name}_{number}", number + 1
        return function
