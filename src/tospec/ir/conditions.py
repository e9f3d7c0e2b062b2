"""Conditions and values, as source over rows of tables."""

from dataclasses import dataclass
from enum import StrEnum

from tospec.python import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A row of a table under a name of its own: `project = projects.alias()`."""

    variable: str
    table: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlValue:
    """A value or condition in SQL.

    Attributes:
        text: The expression as the spec has it.
        code: Its source.
        aliases: Rows that the source names, in order; declared before it.
        uses_settings: Whether it needs settings.
        inputs: Inputs of the operation that it needs, in order.
    """

    text: str
    code: Code
    aliases: tuple[Alias, ...] = ()
    uses_settings: bool = False
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A value that is derived whenever a row is read.

    Attributes:
        function: Name of the function that returns it in SQL.
        type: Its type in Python.
        sql_type: Its type in Python without null.
    """

    name: str
    function: str
    type: Code
    sql_type: Code
    value: SqlValue


class Form(StrEnum):
    """How a policy's action is asked."""

    PYTHON = "python"
    SQL = "sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Who may do something to a row that they see.

    Attributes:
        name: Name of the action: `update`.
        form: `python`: a function of actor and entity. `sql`: a condition on the row.
        value: The condition; its aliases are empty in Python.
    """

    name: str
    form: Form
    value: SqlValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may see a row, and who may do what to it."""

    visible: SqlValue
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A value that a client sends and a rule needs, with its type in Python."""

    name: str
    type: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A condition that must hold, and the error when it does not.

    Attributes:
        function: Name of the function that returns it.
        error: The error case's code.
        error_type: Its class.
    """

    function: str
    error: str
    error_type: str
    value: SqlValue
    inputs: tuple[Input, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether it is the same for every call: no value that a client sends is in it."""
        return not self.inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of one moment.

    Attributes:
        function: Name of the function that returns them: `on_update`.
        moment: For prose, after the noun: `after it was changed`.
        rules: In the order in which they are asked.
    """

    function: str
    moment: str
    rules: tuple[Rule, ...]

    @property
    def uses_settings(self) -> bool:
        """Whether one of its rules needs settings."""
        return any(rule.value.uses_settings for rule in self.rules)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Inputs that its rules need, in order."""
        return tuple(each.name for each in self.typed_inputs)

    @property
    def typed_inputs(self) -> tuple[Input, ...]:
        """Inputs that its rules need, in order, with their types."""
        return tuple(dict.fromkeys(each for rule in self.rules for each in rule.inputs))
