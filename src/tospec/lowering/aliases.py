"""Rows under names of their own, for one expression."""

from collections.abc import Iterable

from tospec.ir.conditions import Alias
from tospec.python import Code, identifier, name_problem


class Aliases:
    """Gives out names for rows, each once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._given: list[Alias] = []

    @property
    def given(self) -> tuple[Alias, ...]:
        """The aliases given out, in order."""
        return tuple(self._given)

    def add(self, name: str, table: Code) -> Code:
        """Return a variable for a row of `table`, called `name` if that is free."""
        variable = name
        number = 1
        while variable in self._taken or name_problem(variable):
            number += 1
            variable = f"{name}_{number}"
        self._taken.add(variable)
        self._given.append(Alias(variable=variable, table=table))
        return identifier(variable)
